-- util.jsonschema: checks decoded JSON against a JSON Schema (draft 2020-12), as far as it needs no patterns or formats.
-- Lua has one kind of table for objects and arrays: an empty one is both.

local null = require "util.json".null;
local resolve = require "util.jsonpointer".resolve;

local validate;

local function first_key(value)
	return type(value) == "table" and next(value) or nil;
end

local types = {
	object = function (value) return type(value) == "table" and value ~= null and type(first_key(value)) ~= "number"; end;
	array = function (value) return type(value) == "table" and value ~= null and type(first_key(value)) ~= "string"; end;
	integer = function (value) return type(value) == "number" and value % 1 == 0; end;
	null = function (value) return value == null; end;
};

local function has_type(value, wanted)
	if type(wanted) == "table" then
		for _, one in ipairs(wanted) do
			if has_type(value, one) then return true; end
		end
		return false;
	elseif types[wanted] then
		return types[wanted](value);
	end
	return type(value) == wanted;
end

-- UTF-8 characters.
local function length(text)
	return select(2, text:gsub("[%z\1-\127\194-\253][\128-\191]*", ""));
end

local function count_valid(schemas, data, root)
	local n = 0;
	for _, schema in ipairs(schemas) do
		if validate(schema, data, root) then n = n + 1; end
	end
	return n;
end

local function contains(list, value)
	for _, one in ipairs(list) do
		if one == value then return true; end
	end
	return false;
end

-- Keywords: check(argument, data, root, schema) → whether the data is right, by the kind of data they speak about.

local any = {
	["type"] = function (wanted, data) return has_type(data, wanted); end;
	enum = function (values, data) return contains(values, data); end;
	const = function (value, data) return value == data; end;
	allOf = function (schemas, data, root) return count_valid(schemas, data, root) == #schemas; end;
	anyOf = function (schemas, data, root) return count_valid(schemas, data, root) > 0; end;
	oneOf = function (schemas, data, root) return count_valid(schemas, data, root) == 1; end;
	["not"] = function (schema, data, root) return not validate(schema, data, root); end;
	["if"] = function (condition, data, root, schema)
		local branch = schema[validate(condition, data, root) and "then" or "else"];
		return branch == nil or validate(branch, data, root);
	end;
	["$ref"] = function (reference, data, root, schema)
		local target = reference:sub(1, 1) == "#" and resolve(root, reference:sub(2));
		return not target or target == schema or validate(target, data, root);
	end;
};

local strings = {
	minLength = function (n, data) return length(data) >= n; end;
	maxLength = function (n, data) return length(data) <= n; end;
};

local numbers = {
	multipleOf = function (n, data) return data % n == 0; end;
	minimum = function (n, data) return data >= n; end;
	maximum = function (n, data) return data <= n; end;
	exclusiveMinimum = function (n, data) return data > n; end;
	exclusiveMaximum = function (n, data) return data < n; end;
};

-- Whether check(key, value) holds for all of a table.
local function every(data, check)
	for key, value in pairs(data) do
		if not check(key, value) then return false; end
	end
	return true;
end

local tables = {
	minItems = function (n, data) return #data >= n; end;
	maxItems = function (n, data) return #data <= n; end;
	required = function (names, data)
		return every(names, function (_, name) return data[name] ~= nil; end);
	end;
	properties = function (properties, data, root)
		return every(properties, function (name, schema) return data[name] == nil or validate(schema, data[name], root); end);
	end;
	additionalProperties = function (other, data, root, schema)
		return every(data, function (name, value)
			return schema.properties and schema.properties[name] ~= nil or validate(other, value, root);
		end);
	end;
	propertyNames = function (schema, data, root)
		return every(data, function (name) return validate(schema, name, root); end);
	end;
	uniqueItems = function (unique, data)
		local seen = {};
		return not unique or every(data, function (_, value)
			local again = seen[value];
			seen[value] = true;
			return not again;
		end);
	end;
	prefixItems = function (schemas, data, root)
		return every(schemas, function (i, schema) return data[i] == nil or validate(schema, data[i], root); end);
	end;
	items = function (item, data, root, schema)
		for i = (schema.prefixItems and #schema.prefixItems or 0) + 1, #data do
			if not validate(item, data[i], root) then return false; end
		end
		return true;
	end;
	contains = function (schema, data, root)
		return not every(data, function (_, value) return not validate(schema, value, root); end);
	end;
};

local by_type = { string = strings, number = numbers, table = tables };

-- schema: decoded, or true or false for what anything or nothing fulfils. root: what "$ref" refers to, the schema itself if nil.
function validate(schema, data, root)
	if type(schema) == "boolean" then
		return schema;
	end
	root = root or schema;
	local keywords = by_type[type(data)];
	for keyword, argument in pairs(schema) do
		local check = any[keyword] or keywords and keywords[keyword];
		if check and not check(argument, data, root, schema) then
			return false;
		end
	end
	return true;
end

return { validate = validate };
