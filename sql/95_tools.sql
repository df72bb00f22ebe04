-- What only this script needed.
DROP PROCEDURE antifraud.define_text_family(text, text, boolean);
