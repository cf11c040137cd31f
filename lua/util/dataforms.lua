-- util.dataforms: data forms (XEP-0004, with XEP-0122 validation and XEP-0221 media) from a layout:
--
--	local layout = dataforms.new {
--		title = "Room", instructions = "…";
--		{ name = "FORM_TYPE", type = "hidden", value = "…" };
--		{ name = "size", var = "muc#size", type = "text-single", label = "Size", desc = "…", required = true,
--			datatype = "xs:integer", range_min = 1, range_max = 9, value = 5 };
--		{ name = "kind", type = "list-single", options = { "a", { value = "b", label = "B", default = true } } };
--	};
--
-- `name` is the key in the tables of values, `var` (default: name) the one on the wire. Values in Lua: string; boolean for "boolean"; list
-- for list-multi and jid-multi; lines in one string for text-multi; number for xs:integer; Unix time for xs:dateTime.

local st = require "util.stanza";
local jid_prep = require "util.jid".prep;
local datetime = require "util.datetime";

local NS = "jabber:x:data";
local NS_VALIDATE = "http://jabber.org/protocol/xdata-validate";
local NS_MEDIA = "urn:xmpp:media-element";

local form_methods = {};
local form_mt = { __index = form_methods };

-- Adopts the layout: it becomes the form object.
local function new(layout)
	return setmetatable(layout, form_mt);
end

-- Text on the wire of a number, which depends on what the field says it is.
local function number_text(field, number)
	if field.datatype == "xs:dateTime" then
		return datetime.datetime(number);
	elseif field.datatype == "xs:double" or field.datatype == "xs:decimal" then
		return ("%f"):format(number);
	end
	return ("%d"):format(number);
end

local function add_value(form, value)
	form:text_tag("value", value);
end

local function add_each(form, values)
	for _, value in ipairs(values) do
		add_value(form, value);
	end
end

-- By field type; the rest is written by add_value.
local writers = {
	["list-multi"] = add_each, ["jid-multi"] = add_each;
	["boolean"] = function (form, value)
		add_value(form, value and value ~= 0 and "1" or "0");
	end;
	["text-multi"] = function (form, value)
		for line in value:gmatch("[^\r\n]+") do
			add_value(form, line);
		end
	end;
	["hidden"] = function (form, value)
		if type(value) == "table" then -- a piece of XML
			form:tag("value"):add_child(value):up();
		else
			add_value(form, value);
		end
	end;
};

local function write_value(form, field, kind, value)
	if type(value) == "number" and kind ~= "boolean" then
		value = number_text(field, value);
	end
	(writers[kind] or add_value)(form, value);
end

local function write_validation(form, field)
	form:tag("validate", { xmlns = NS_VALIDATE, datatype = field.datatype });
	if field.range_min or field.range_max then
		form:tag("range", {
			min = field.range_min and tostring(field.range_min), max = field.range_max and tostring(field.range_max);
		}):up();
	end
	form:up();
end

-- Returns the values of the options marked as default.
local function write_options(form, options)
	local defaults = {};
	for _, option in ipairs(options) do
		local value, label = option, option;
		if type(option) == "table" then
			value, label = option.value, option.label;
			if option.default then defaults[#defaults+1] = value; end
		end
		form:tag("option", { label = label }):text_tag("value", value):up();
	end
	return defaults;
end

local function write_media(form, media)
	form:tag("media", { xmlns = NS_MEDIA, height = ("%d"):format(media.height), width = ("%d"):format(media.width) });
	for _, uri in ipairs(media) do
		form:text_tag("uri", uri.uri, { type = uri.type });
	end
	form:up();
end

local function write_field(form, field, value, formtype)
	local kind, options = field.type or "text-single", field.options;
	local to_fill, is_list = formtype == "form", field.type == "list-single" or field.type == "list-multi";
	if value == nil then
		value = field.value;
	elseif to_fill and is_list and type(value) == "table" then
		value, options = nil, value; -- options made for this one form
	end
	form:tag("field", { type = kind, var = field.var or field.name, label = formtype ~= "submit" and field.label or nil });
	if formtype ~= "submit" and field.desc then form:text_tag("desc", field.desc); end
	if to_fill and field.datatype then write_validation(form, field); end
	if to_fill and options then
		local defaults = write_options(form, options);
		if not value and is_list then
			value = kind == "list-multi" and defaults or defaults[1];
		end
	end
	if value ~= nil then write_value(form, field, kind, value); end
	if field.media then write_media(form, field.media); end
	if to_fill and field.required then form:tag("required"):up(); end
	form:up();
end

-- The <x/> element. values: by field name, the layout's where nil; may be nil. formtype: "form" (default), "submit", "result", "cancel".
function form_methods:form(values, formtype)
	formtype = formtype or "form";
	local form = st.stanza("x", { xmlns = NS, type = formtype });
	if formtype == "cancel" then
		return form;
	end
	if formtype ~= "submit" then
		if self.title then form:text_tag("title", self.title); end
		if self.instructions then form:text_tag("instructions", self.instructions); end
	end
	for _, field in ipairs(self) do
		local value;
		if values and field.name ~= nil then value = values[field.name]; end
		write_field(form, field, value, formtype);
	end
	return form;
end

local function read_text(element, required)
	local text = element:get_child_text("value");
	if required and (text == nil or text == "") then -- XEP-0004 does not say what empty means: missing, as in HTML
		return nil, "A value is required";
	end
	return text;
end

local function read_list(element, required)
	local list = {};
	for value in element:childtags("value") do
		list[#list+1] = value:get_text();
	end
	if #list > 0 then
		return list;
	elseif required then
		return nil, "A value is required";
	end
end

local booleans = { ["1"] = true, ["true"] = true, ["0"] = false, ["false"] = false };

-- By field type: reader(element, required) → value or nil, error or nil. Fields of other types ("fixed") are not read.
local readers = {
	["text-single"] = read_text, ["text-private"] = read_text, ["list-single"] = read_text, ["list-multi"] = read_list;
	["hidden"] = function (element) return element:get_child_text("value"); end;
	["text-multi"] = function (element, required)
		local lines, err = read_list(element, required);
		return lines and table.concat(lines, "\n"), err;
	end;
	["boolean"] = function (element, required)
		local text, err = read_text(element, required);
		if not text then return nil, err; end
		if booleans[text] == nil then
			return nil, "Not a boolean: "..text;
		end
		return booleans[text];
	end;
	["jid-single"] = function (element, required)
		local text, err = read_text(element, required);
		if not text then return nil, err; end
		local jid = jid_prep(text);
		if not jid then
			return nil, "Not a JID: "..text;
		end
		return jid;
	end;
	["jid-multi"] = function (element, required)
		local texts, err = read_list(element, required);
		if not texts then return nil, err; end
		local jids, wrong = {}, {};
		for _, text in ipairs(texts) do
			local jid = jid_prep(text);
			if jid then
				jids[#jids+1] = jid;
			else
				wrong[#wrong+1] = "Not a JID: "..text;
			end
		end
		if #jids == 0 and required then
			return nil, "A value is required";
		end
		return #jids > 0 and jids or nil, #wrong > 0 and table.concat(wrong, "\n") or nil;
	end;
};

local function integer(text, field)
	local n = tonumber(text);
	if not n then
		return nil, "Not a number";
	elseif n % 1 ~= 0 then
		return nil, "Not a whole number";
	elseif n > (field.range_max or n) or n < (field.range_min or n) then
		return nil, "Out of range";
	end
	return n;
end

-- By datatype: validator(text, field) → value or nil, error.
local validators = {
	["xs:integer"] = integer;
	["pubsub:integer-or-max"] = function (text, field)
		if text == "max" then return text; end
		return integer(text, field);
	end;
	["xs:dateTime"] = function (text)
		local time = datetime.parse(text);
		return time, not time and "Not a timestamp" or nil;
	end;
};

-- A value and an error may come together: a jid-multi field with one bad JID among good ones.
local function read_field(field, element)
	local reader, validator = readers[field.type or "text-single"], validators[field.datatype];
	if not reader then return; end
	local value, err = reader(element, field.required);
	if value ~= nil and validator then
		return validator(value, field);
	end
	return value, err;
end

-- Reads a submitted form: values by field name, errors by field name (nil if there are none), and which fields the form has. Fields it lacks
-- keep their value in `current`, which may be nil.
function form_methods:data(form, current)
	local elements, values, errors, present = {}, {}, {}, {};
	for element in form:childtags("field") do
		local var = element.attr.var;
		if var and not elements[var] then elements[var] = element; end
	end
	for _, field in ipairs(self) do
		local name, element = field.name, elements[field.var or field.name];
		if name and element then
			present[name] = true;
			values[name], errors[name] = read_field(field, element);
		elseif name and current and current[name] ~= nil then
			values[name] = current[name];
		elseif name and field.required then
			errors[name] = "A value is required";
		end
	end
	return values, next(errors) and errors or nil, present;
end

-- The FORM_TYPE of an <x/> element, "" without one; nil, error if it is no form.
local function get_type(form)
	if not st.is_stanza(form) then
		return nil, "not a stanza";
	elseif form.name ~= "x" or form.attr.xmlns ~= NS then
		return nil, "not a data form";
	end
	for field in form:childtags("field") do
		if field.attr.var == "FORM_TYPE" then
			return field:get_child_text("value");
		end
	end
	return "";
end

local function read_options(element)
	local options;
	for option in element:childtags("option") do
		options = options or {};
		options[#options+1] = { value = option:get_child_text("value"), label = option.attr.label };
	end
	return options;
end

-- (13) The layout of a form that somebody sent us, its values included.
local function from_stanza(form)
	local layout = { title = form:get_child_text("title"), instructions = form:get_child_text("instructions") };
	for element in form:childtags("field") do
		local field = {
			name = element.attr.var, type = element.attr.type, label = element.attr.label, desc = element:get_child_text("desc");
			required = element:get_child("required") and true or nil, options = read_options(element);
		};
		local validate = element:get_child("validate", NS_VALIDATE);
		field.datatype = validate and validate.attr.datatype;
		field.value = read_field({ type = field.type, datatype = field.datatype }, element);
		layout[#layout+1] = field;
	end
	return new(layout);
end

return { new = new, get_type = get_type, from_stanza = from_stanza };
