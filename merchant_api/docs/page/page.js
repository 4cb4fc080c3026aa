"use strict";
// Shows /v1/openapi.json as a page. All text goes in as text, never as markup.

const METHODS = ["get", "post", "put", "patch", "delete"];

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function follow(root, schema) {
  let found = schema;
  while (found && found.$ref) found = found.$ref.slice(2).split("/").reduce((part, name) => part && part[name], root);
  return found || {};
}

function kindOf(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(kindOf).join(" or ");
  const type = [].concat(schema.type || "any").join(" or ");
  if (schema.enum) return schema.enum.map(String).join(" | ");
  if (schema.items) return "list of " + kindOf(schema.items);
  return schema.format ? type + " (" + schema.format + ")" : type;
}

function bounds(schema) {
  const words = { minimum: "from", maximum: "to", minLength: "at least", maxLength: "at most", default: "default" };
  return Object.keys(words).filter((key) => schema[key] !== undefined && schema[key] !== null)
    .map((key) => words[key] + " " + JSON.stringify(schema[key])).join(", ");
}

function fieldsTable(root, schema, seen) {
  const shape = follow(root, schema);
  const table = element("table");
  for (const [name, field] of Object.entries(shape.properties || {})) {
    const row = table.appendChild(element("tr"));
    row.append(element("td", name + ((shape.required || []).includes(name) ? " *" : "")), element("td", kindOf(field)));
    row.append(element("td", [bounds(field), field.description || ""].filter(Boolean).join("; ")));
    const inner = field.items || field;
    if (inner.$ref && !seen.includes(inner.$ref)) row.lastChild.append(fieldsTable(root, inner, seen.concat(inner.$ref)));
  }
  return table;
}

function part(body, title, table) {
  if (!table.rows.length) return;
  body.append(element("h4", title), table);
}

function contentOf(holder) {
  return holder && holder.content && holder.content["application/json"] && holder.content["application/json"].schema;
}

function mediaOf(holder) {
  return Object.keys((holder && holder.content) || {}).map((kind) => ": " + kind).join("");
}

function parametersTable(operation) {
  const table = element("table");
  for (const given of operation.parameters || []) {
    const row = table.appendChild(element("tr"));
    const schema = given.schema || {};
    row.append(element("td", given.name + (given.required ? " *" : "")), element("td", given.in), element("td", kindOf(schema)), element("td", bounds(schema)));
  }
  return table;
}

function call(root, path, method, operation) {
  const box = element("details");
  const head = box.appendChild(element("summary"));
  head.append(element("span", method.toUpperCase(), "method " + method.toUpperCase()), element("code", path));
  head.append(element("span", " " + (operation.summary || ""), "what"));
  box.dataset.words = (method + " " + path + " " + head.textContent).toLowerCase();
  const body = box.appendChild(element("div"));
  box.addEventListener("toggle", () => { if (!body.childNodes.length) fill(root, operation, body); });
  return box;
}

function fill(root, operation, body) {
  body.append(element("p", operation.description || "Needs: " + operation["x-permission"]));
  part(body, "Parameters", parametersTable(operation));
  const asked = contentOf(operation.requestBody);
  if (asked) part(body, "Body", fieldsTable(root, asked, []));
  else if (operation.requestBody) body.append(element("h4", "Body" + mediaOf(operation.requestBody)));
  for (const [status, response] of Object.entries(operation.responses)) {
    const given = contentOf(response);
    if (given) part(body, "Answer " + status, fieldsTable(root, given, []));
    else if (status !== "default") body.append(element("h4", "Answer " + status + mediaOf(response)));
  }
}

function show(root) {
  document.getElementById("about").textContent = root.info.description || "";
  const groups = new Map();
  for (const [path, item] of Object.entries(root.paths)) {
    for (const method of METHODS.filter((known) => item[known])) {
      const tag = (item[method].tags || ["other"])[0];
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(call(root, path, method, item[method]));
    }
  }
  const calls = document.getElementById("calls");
  calls.replaceChildren();
  for (const [tag, boxes] of groups) {
    const section = calls.appendChild(element("section"));
    const title = section.appendChild(element("h2", tag.replaceAll("_", " ")));
    title.id = tag;
    section.append(...boxes);
    const link = document.getElementById("groups").appendChild(element("a", title.textContent));
    link.href = "#" + tag;
  }
}

function filter() {
  const words = document.getElementById("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const box of document.querySelectorAll("details")) {
    box.hidden = !words.every((word) => box.dataset.words.includes(word));
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector("details:not([hidden])");
  }
}

document.getElementById("filter").addEventListener("input", filter);
fetch("v1/openapi.json").then((reply) => reply.json()).then(show);
