// Serves dist/ to this machine: node serve.mjs [port]; port 0 takes a free one.
// A web server of the office does the same for others, behind its own login.
import {createReadStream} from "node:fs";
import {stat} from "node:fs/promises";
import {createServer} from "node:http";
import {extname, join, normalize, sep} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";

const types = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".json": "application/json; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2"};

/** Resolves to {server, url} once it listens on the loopback address. */
export function serve(directory, port = 0) {
  const server = createServer(async (request, response) => {
    const refuse = (status) => response.writeHead(status, {"content-type": "text/plain; charset=utf-8"}).end(`${status}\n`);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405);
    try {
      let file = normalize(join(directory, decodeURIComponent(new URL(request.url, "http://localhost").pathname)));
      if (file !== directory && !file.startsWith(directory + sep)) return refuse(404);
      if ((await stat(file)).isDirectory()) file = join(file, "index.html");
      const {size} = await stat(file);
      response.writeHead(200, {"content-type": types[extname(file)] ?? "application/octet-stream", "content-length": size, "cache-control": "no-store"});
      if (request.method === "HEAD") response.end();
      else createReadStream(file).pipe(response);
    } catch {
      refuse(404);
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve({server, url: `http://127.0.0.1:${server.address().port}/`}));
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const {url} = await serve(fileURLToPath(new URL("dist", import.meta.url)), Number(process.argv[2] ?? 0));
  console.log(url);
}
