-- util.argparse: command lines. --name, --no-name, --name=value, --name value and -n value for those named in value_params, up to the first
-- argument that is no option, or "--".
-- options.short_params: letter → name; options.value_params, and 13's array_params: name → true; 13's strict: unknown names are errors if
-- there is a list of known_params.

-- Removes and returns the option's value, from the text or from the next argument.
local function take(list, name, text, options)
	local value_params, array_params = options.value_params or {}, options.array_params or {};
	local key, value = text:match("^([^=]+)=(.+)$");
	if key then
		return key, value;
	elseif value_params[name] or array_params[name] then
		return name, table.remove(list, 1);
	elseif name:sub(1, 3) == "no-" then
		return name:sub(4), false;
	end
	return name, true;
end

-- Returns the options by name with the remaining arguments as its list, or nil, "param-not-found" or "missing-value", and the argument.
-- The given list is used up.
local function parse(list, options)
	options = options or {};
	local short_params, array_params, result = options.short_params or {}, options.array_params or {}, {};
	while list[1] and list[1]:sub(1, 1) == "-" do
		local argument = table.remove(list, 1);
		if argument == "--" then break; end
		local name = argument:match("^%-%-?(.*)$");
		if #name == 1 then name = short_params[name]; end
		if not name then
			return nil, "param-not-found", argument;
		end
		local key, value = take(list, name, name, options);
		if options.strict and options.known_params and not options.known_params[key] then
			return nil, "param-not-found", argument;
		elseif value == nil then
			return nil, "missing-value", argument;
		end
		if array_params[key] then
			result[key] = result[key] or {};
			table.insert(result[key], value);
		else
			result[key] = value;
		end
	end
	for i, argument in ipairs(list) do
		result[i] = argument;
	end
	return result;
end

return { parse = parse };
