-- util.datamapper: stanzas as plain tables and back, by a JSON schema whose "xml" fields say where a value stands in the XML.
--
--   name, namespace, prefix   of the element or attribute, if they are not those of the property and of what is around it
--   attribute = true          an attribute
--   text = true               the text of the element itself
--   x_name_is_value = true    the name of a child is the value
--   x_single_attribute = "a"  an attribute of a child
--   wrapped = true            the items of an array stand in an element of their own
--
-- Without any of these a scalar is the text of a child.
local st = require "util.stanza";
local resolve_pointer = require "util.jsonpointer".resolve;

local function dereference(schema, root)
	local pointer = type(schema) == "table" and schema["$ref"];
	if type(pointer) == "string" and pointer:sub(1, 1) == "#" then
		return resolve_pointer(root, pointer:sub(2));
	end
	return schema;
end

local function type_of(schema)
	if type(schema) ~= "table" then
		return "string";
	elseif type(schema.type) == "string" then
		return schema.type;
	elseif schema.type ~= nil then
		error("a schema's type must be a single one");
	end
	return schema.properties and "object" or schema.items and "array" or "string";
end

local function is_compound(kind)
	return kind == "object" or kind == "array";
end

-- Where a value stands: { kind, where, name, namespace, prefix, attribute, choices }. namespace is nil if it is that around it.
local function place_of(schema, property, around)
	if type(schema) == "string" then
		error("the schema of "..tostring(property).." is a string");
	end
	local p = { kind = type_of(schema); name = property };
	local xml = type(schema) == "table" and schema.xml or {};
	p.name, p.prefix = xml.name or property, xml.prefix;
	if xml.namespace ~= around then
		p.namespace = xml.namespace;
	end
	if type(schema) == "table" then
		p.choices = schema.const and { schema.const } or schema.enum;
	end
	if p.kind == "array" and xml.wrapped then
		p.where = "wrapper";
	elseif xml.attribute then
		p.where = "attribute";
	elseif xml.text then
		p.where = "text";
	elseif xml.x_name_is_value then
		p.where = "name";
	elseif xml.x_single_attribute then
		p.where, p.attribute = "child attribute", xml.x_single_attribute;
	elseif is_compound(p.kind) then
		p.where = "children";
	else
		p.where = property and "child text" or "text";
	end
	return p;
end

local function attribute_name(p, name, around)
	if p.prefix then
		return p.prefix..":"..name;
	elseif p.namespace and p.namespace ~= around then
		return p.namespace.."\1"..name;
	end
	return name;
end

-- Reading

local function to_boolean(text)
	return not (text == "false" or text == "0");
end

local function typed(kind, text)
	if text == nil or kind == "string" then
		return text;
	elseif kind == "boolean" then
		return to_boolean(text);
	elseif kind == "number" or kind == "integer" then
		return tonumber(text);
	end
end

local function named_child(element, p)
	if p.kind == "boolean" then
		return element:get_child(p.name, p.namespace);
	elseif p.choices and p.kind == "string" then
		for _, name in ipairs(p.choices) do
			local child = element:get_child(name, p.namespace);
			if child then return child; end
		end
		return nil;
	end
	return element:get_child(nil, p.namespace);
end

local function text_at(element, p)
	if p.where == "attribute" then
		return element.attr[attribute_name(p, p.name, element.attr.xmlns)];
	elseif p.where == "text" then
		return element:get_text();
	elseif p.where == "child text" then
		return element:get_child_text(p.name, p.namespace);
	end
	local child;
	if p.where == "name" then
		child = named_child(element, p);
		return child and child.name;
	end
	child = element:get_child(p.name, p.namespace);
	return child and child.attr[p.attribute];
end

local parse_object, parse_array;

local function parse_compound(schema, element, p, root)
	if p.kind == "object" then
		local child = element:get_child(p.name, p.namespace);
		return child and parse_object(schema, child, root);
	elseif p.where == "wrapper" then
		local wrapper = element:get_child(p.name, p.namespace);
		return wrapper and parse_array(schema, wrapper, root);
	end
	local items = parse_array(schema, element, root);
	return items[1] ~= nil and items or nil;
end

function parse_object(schema, element, root)
	local out = {};
	schema = dereference(schema, root);
	for property, property_schema in pairs(type(schema) == "table" and schema.properties or {}) do
		property_schema = dereference(property_schema, root);
		local p = place_of(property_schema, property, element.attr.xmlns);
		if p.where == "children" or p.where == "wrapper" then
			out[property] = parse_compound(property_schema, element, p, root);
		else
			out[property] = typed(p.kind, text_at(element, p));
		end
	end
	return out;
end

function parse_array(schema, element, root)
	local item_schema = dereference(schema.items, root);
	local p = place_of(item_schema, nil, element.attr.xmlns);
	local child_name = p.name;
	if p.where == "child attribute" then
		p.where, p.name = "attribute", p.attribute;
	end
	local out = {};
	for child in element:childtags(child_name, p.namespace) do
		if p.kind == "object" then
			out[#out+1] = parse_object(item_schema, child, root);
		elseif p.kind == "array" then
			out[#out+1] = parse_array(item_schema, child, root);
		else
			out[#out+1] = typed(p.kind, text_at(child, p));
		end
	end
	return out;
end

-- The table that a stanza is by a schema of an object or an array.
local function parse(schema, element)
	local kind = type_of(schema);
	if kind == "object" then
		return parse_object(schema, element, schema);
	elseif kind == "array" then
		return parse_array(schema, element, schema);
	end
	error("a schema must be that of an object or an array");
end

-- Writing

local function to_text(kind, value)
	if kind == "string" and type(value) == "string" then
		return value;
	elseif kind == "number" and type(value) == "number" then
		return ("%g"):format(value);
	elseif kind == "integer" and type(value) == "number" then
		return ("%d"):format(value);
	elseif kind == "boolean" then
		return value and "1" or "0";
	end
end

local write;

local function write_compound(out, value, p, schema, root)
	if p.kind == "array" and p.where ~= "wrapper" then
		write(schema, value, p.name, p.namespace, out, root);
		return;
	end
	local child = write(schema, value, p.name, p.namespace, nil, root);
	if child then
		out:add_direct_child(child);
	end
end

local function write_value(out, value, p, schema, around, root)
	local attr = p.namespace ~= around and { xmlns = p.namespace } or nil;
	if p.where == "attribute" then
		out.attr[attribute_name(p, p.name, around)] = to_text(p.kind, value);
	elseif p.where == "text" then
		out:text(to_text(p.kind, value));
	elseif p.where == "child attribute" then
		out:tag(p.name, { xmlns = attr and attr.xmlns; [p.attribute] = to_text(p.kind, value) }):up();
	elseif p.where == "name" then
		if p.kind == "string" and type(value) == "string" then
			out:tag(value, attr):up();
		elseif p.kind == "boolean" and value == true then
			out:tag(p.name, attr):up();
		end
	elseif is_compound(p.kind) and type(schema) == "table" and type(value) == "table" then
		write_compound(out, value, p, schema, root);
	else
		out:text_tag(p.name, to_text(p.kind, value), attr);
	end
end

function write(schema, value, name, namespace, out, root)
	root = root or schema;
	local xml = schema.xml or {};
	name, namespace = xml.name or name, xml.namespace or namespace;
	out = out or st.stanza(name, { xmlns = namespace });
	local kind = type_of(schema);
	if kind == "object" then
		for property, property_schema in pairs(schema.properties) do
			if value[property] ~= nil then
				property_schema = dereference(property_schema, root);
				write_value(out, value[property], place_of(property_schema, property, namespace), property_schema, namespace, root);
			end
		end
	elseif kind == "array" then
		local item_schema = dereference(schema.items, root);
		local p = place_of(item_schema, name, namespace);
		for _, item in ipairs(value) do
			write_value(out, item, p, item_schema, namespace, root);
		end
	else
		return nil;
	end
	return out;
end

-- The element that a table is by a schema; its name and namespace are the schema's, if it has any.
local function unparse(schema, value, name, namespace, out, root)
	return write(schema, value, name, namespace, out, root);
end

return { parse = parse; unparse = unparse };
