-- util.jsonpointer: what a JSON pointer (RFC 6901) points at in a decoded value.

-- The value, or nil.
local function resolve(value, pointer)
	for part in pointer:gmatch("/([^/]*)") do
		if type(value) ~= "table" then
			return nil;
		end
		part = part:gsub("~1", "/"):gsub("~0", "~");
		if type(next(value)) == "number" then -- an array counts from zero
			value = value[part == "-" and #value+1 or (tonumber(part) or -1)+1];
		else
			value = value[part];
		end
	end
	return value;
end

return { resolve = resolve };
