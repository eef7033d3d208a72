// Writes product/ anew: the page's script and styles, and the licences of what is in them. The same lock file gives the same bytes.
//
//   npm ci && npm run build          writes
//   npm ci && npm run build -- --check   fails where what is committed differs
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

const options = { bundle: true, minify: true, charset: "utf8", legalComments: "none", target: "es2022", write: false, logLevel: "warning" };
const script = await build({ ...options, entryPoints: ["main.js"], format: "iife", metafile: true });
const style = await build({ ...options, entryPoints: ["style.css"] });

const packages = Object.keys(script.metafile.inputs)
  .map((path) => path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1])
  .filter(Boolean);
const licences = [...new Set(packages)].sort().map((name) => {
  const folder = `node_modules/${name}/`;
  const { version, license } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE"].find((file) => existsSync(folder + file));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(folder + file, "utf8").trim().replaceAll("\r", "") : "No licence file."}\n`;
});
const outline = "The outline of the world is Natural Earth's (naturalearthdata.com), which is in the public domain.\n";

const product = {
  "page.js": script.outputFiles[0].text.trim(),
  "page.css": style.outputFiles[0].text.trim(),
  "LICENCES.txt": [outline, ...licences].join("\n----\n\n"),
};
mkdirSync("product", { recursive: true });
for (const [name, text] of Object.entries(product)) {
  const path = `product/${name}`;
  if (process.argv.includes("--check")) {
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
      console.error(`${path} is not what the sources make: run npm run build`);
      process.exitCode = 1;
    }
  } else {
    writeFileSync(path, text);
  }
}
