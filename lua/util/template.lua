-- util.template: stanzas from XML with placeholders: template [[ <message to="{to}"><body>{text}</body></message> ]].apply { to = …, text = … }
-- A placeholder stands in an attribute or a text; without a value it is empty. White space around texts is dropped.

local st = require "util.stanza";
local parse = require "util.xml".parse;

local function fill(text, values)
	return (text:gsub("{([^}]*)}", function (name)
		local value = values[name];
		return value == nil and "" or tostring(value);
	end));
end

local function build(source, values, parent)
	local attr = {};
	for name, value in pairs(source.attr) do
		attr[name] = fill(value, values);
	end
	local element = parent and parent:tag(source.name, attr) or st.stanza(source.name, attr);
	for _, child in ipairs(source) do
		if type(child) ~= "string" then
			build(child, values, element);
		elseif child:find("%S") then
			element:text(fill(child:match("^%s*(.-)%s*$"), values));
		end
	end
	if parent then element:up(); end
	return element;
end

local template_mt = { __tostring = function (template) return template.name; end };

return function (text)
	local source = assert(parse(text));
	return setmetatable({
		name = "template("..source.name..")", text = text;
		apply = function (values) return build(source, values or {}); end;
	}, template_mt);
end;
