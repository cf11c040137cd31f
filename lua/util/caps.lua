-- util.caps: the verification string of entity capabilities (XEP-0115 #ver-gen).

local base64 = require "util.encodings".base64.encode;
local sha1 = require "util.hashes".sha1;

-- Sorted parts, each closed by "<". NUL separates what is inside a part, so that a shorter name sorts before a longer one.
local function joined(parts)
	table.sort(parts);
	return #parts > 0 and table.concat(parts, "<").."<" or "";
end

local function identity(element)
	local attr = element.attr;
	return table.concat({ attr.category or "", attr.type or "", attr["xml:lang"] or "", attr.name or "" }, "\0");
end

local function field_values(field)
	local values = {};
	for _, element in ipairs(field.tags) do
		local text = #element.tags == 0 and element:get_text();
		if text then values[#values+1] = text; end
	end
	table.sort(values);
	return values;
end

-- A form: FORM_TYPE, then each field as its name and sorted values.
local function extension(form)
	local fields, form_type = {}, nil;
	for _, field in ipairs(form.tags) do
		local var = field.name == "field" and field.attr.var;
		if var == "FORM_TYPE" then
			form_type = field_values(field)[1];
		elseif var then
			local values = field_values(field);
			fields[#fields+1] = #values > 0 and var.."\0"..table.concat(values, "<") or var;
		end
	end
	table.sort(fields);
	return (form_type and form_type.."\0" or "")..table.concat(fields, "<");
end

-- disco_info: a disco#info <query/>, or the list of its elements. Returns the string of the `ver` attribute (SHA-1, base64) and what was hashed.
local function calculate_hash(disco_info)
	local identities, features, extensions = {}, {}, {};
	for _, element in ipairs(disco_info) do
		if element.name == "identity" then
			identities[#identities+1] = identity(element);
		elseif element.name == "feature" then
			features[#features+1] = element.attr.var or "";
		elseif element.name == "x" and element.attr.xmlns == "jabber:x:data" then
			extensions[#extensions+1] = extension(element);
		end
	end
	local text = joined(identities):gsub("%z", "/")..joined(features)..joined(extensions):gsub("%z", "<");
	return base64(sha1(text)), text;
end

return { calculate_hash = calculate_hash };
