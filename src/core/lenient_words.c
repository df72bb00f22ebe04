/*
 * lenient_words.c
 *		Why a text was not read, for the office that sent it.
 *
 * A reason names the form and never the text: ids are personal data.
 */
#include "lenient.h"

static const struct
{
	const char *english;
	const char *chinese;
}			reasons[] = {
	[AF_FAULT_LONG] = {"The text is longer than 64 characters.", "文本超过64个字符。"},
	[AF_FAULT_ENCODING] = {"The text is not valid UTF-8.", "文本不是有效的UTF-8编码。"},
	[AF_FAULT_DATE_FORM] = {"It is no date: write 2023-05-01, 2023/5/1, 2023.5.1, 20230501 or 2023年5月1日.",
	"不是日期：请写成2023-05-01、2023/5/1、2023.5.1、20230501或2023年5月1日。"},
	[AF_FAULT_DATE_ZERO] = {"The date is all zeros, as some databases write an unknown one: leave it blank.", "日期全为零，是某些数据库表示日期不详的写法：日期不详时请留空。"},
	[AF_FAULT_DATE_DAY] = {"There is no such day in the calendar.", "日历上没有这一天。"},
	[AF_FAULT_DATE_SHORT_YEAR] = {"The year does not have four digits, so it could be read in two ways.", "年份不是四位，可能有两种读法。"},
	[AF_FAULT_DATE_ORDER] = {"The year stands last, and which of the other two is the month is not told.", "年份写在最后，前两个数哪个是月份无法确定。"},
	[AF_FAULT_DATE_NO_DAY] = {"The month or the day is missing.", "缺少月份或日。"},
	[AF_FAULT_DATE_YEAR] = {"The year is not one of 1900 to 2199.", "年份不在1900至2199年之间。"},
	[AF_FAULT_DATE_TIME] = {"What stands behind the date is no time of day.", "日期后面的内容不是时间。"},
	[AF_FAULT_DATE_ZONE] = {"The time is told in another time zone, so that the day in China is not certain.", "时间带有其他时区，无法确定在中国是哪一天。"},
	[AF_FAULT_DATE_SERIAL] = {"A spreadsheet's number of a day lies between 20000 (1954-10-03) and 80000 (2119-01-11).", "电子表格的日期序号应在20000（1954年10月3日）至80000（2119年1月11日）之间。"},
	[AF_FAULT_DATE_WIDTH] = {"The date mixes full-width digits with others.", "日期混用了全角和半角数字。"},
	[AF_FAULT_NUMBER_FORM] = {"It is no number: write 35000, 35,000.00 or 3.5万.", "不是数字：请写成35000、35,000.00或3.5万。"},
	[AF_FAULT_NUMBER_GROUPS] = {"The digits between commas are not groups of three.", "逗号分隔的数字不是三位一组。"},
	[AF_FAULT_NUMBER_SCIENTIFIC] = {"The number is in scientific notation and may have lost digits: format the column as a number and export it again.",
	"数字为科学计数法，可能已丢失位数：请将该列设为数值格式后重新导出。"},
	[AF_FAULT_NUMBER_PERCENT] = {"It is a percentage, and whether 85% is 85 or 0.85 is not told: write the number.", "是百分数，无法确定85%应为85还是0.85：请直接写数字。"},
	[AF_FAULT_NUMBER_ABOUT] = {"It is an approximate number or a range, and not one number.", "是约数或区间，不是一个确定的数字。"},
	[AF_FAULT_NUMBER_SHORT] = {"The last digit has no unit and could be read in two ways (三万五 as 35,000 or 30,005).", "末位数字没有单位，可能有两种读法（三万五可读作35000或30005）。"},
	[AF_FAULT_NUMBER_LARGE] = {"The number is too large.", "数字过大。"},
	[AF_FAULT_REGION_FORM] = {"It is no division code: a code has digits only.", "不是行政区划代码：代码只能由数字组成。"},
	[AF_FAULT_REGION_WIDTH] = {"The code mixes full-width digits with others.", "代码混用了全角和半角数字。"},
	[AF_FAULT_REGION_LENGTH] = {"A division code has 2, 4, 6, 9, 12 or 15 digits.", "行政区划代码应为2、4、6、9、12或15位。"},
	[AF_FAULT_REGION_PROVINCE] = {"No province's code begins like that.", "没有以此开头的省级代码。"},
	[AF_FAULT_REGION_SCIENTIFIC] = {"A spreadsheet has shortened the code to scientific notation and its digits are lost: export the column as text.",
	"代码被电子表格变成了科学计数法，位数已丢失：请将该列设为文本格式后重新导出。"},
	[AF_FAULT_ID_FORM] = {"A character cannot stand there: an id is 17 digits and a check character, a digit or X.", "有不应出现的字符：公民身份号码为17位数字加1位校验码（数字或X）。"},
	[AF_FAULT_ID_LENGTH] = {"A citizen id has 18 characters, or 15 digits in its old form.", "公民身份号码应为18位，旧号码为15位。"},
	[AF_FAULT_ID_CUT] = {"It is the beginning of an id of 18 characters, cut after 15 digits: look it up on the card.", "是18位号码的前15位，后3位已被截去：请核对证件补全。"},
	[AF_FAULT_ID_ROUNDED] = {"The last three characters are 000, as a spreadsheet leaves an id that it took for a number: look it up on the card and enter it as text.",
	"后3位为000，是电子表格把号码当作数字后的结果：请核对证件并以文本格式填写。"},
	[AF_FAULT_ID_SCIENTIFIC] = {"A spreadsheet has shortened the id to scientific notation and its digits are lost: look it up on the card and enter it as text.",
	"号码被电子表格变成了科学计数法，位数已丢失：请核对证件并以文本格式填写。"},
	[AF_FAULT_ID_PROVINCE] = {"No id begins with these two digits.", "没有以这两位开头的号码。"},
	[AF_FAULT_ID_DATE] = {"The birth date in the id does not exist.", "号码中的出生日期不存在。"},
	[AF_FAULT_ID_CHECK] = {"The check character does not agree with the digits before it: a character is wrong, or two are interchanged.", "校验码与前面的数字不符：有一位写错或两位颠倒。"},
};

const char *
af_fault_reason(af_fault fault, bool chinese)
{
	return chinese ? reasons[fault].chinese : reasons[fault].english;
}
