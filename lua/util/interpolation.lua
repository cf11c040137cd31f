-- util.interpolation: texts with placeholders. new(pattern, escape, filters) → render(template, values).
--
--	{name}        the value, escaped; {name!} as it is; {a.b} goes into tables; nil leaves the placeholder
--	{name|f|g!}   through filters first
--	{name?text}   the value, or this text (a template too) if there is none
--	{name&text}   the text if there is a value; {name~text} if there is none
--	{list#text}   the text for each of a list, with {idx} and {item}; {map%text} for each key
--
-- pattern matches a placeholder with its brackets ("%b{}"); escape(text) → text; filters: name → f(value), may be nil.

local PATH = "^([%a_][%w_.]*)(!?)(%p?)()";

local function lookup(values, name)
	local value = values[name];
	if value or not name:find(".", 2, true) then
		return value;
	end
	value = values;
	for word in name:gmatch("[^.]+") do
		value = value[word];
		if not value then break; end
	end
	return value;
end

local function new(pattern, escape, filters)
	local render;

	local function render_each(template, values, list, iterate)
		local out = {};
		local inner = setmetatable({}, { __index = values });
		for idx, item in iterate(list) do
			inner.idx, inner.item = idx, item;
			out[#out+1] = render(template, inner);
		end
		return table.concat(out);
	end

	-- By the sign after the name: value, the rest of the placeholder, all values → text, or nil to write the value.
	local forms = {
		["#"] = function (value, text, values) return type(value) == "table" and render_each(text, values, value, ipairs) or ""; end;
		["%"] = function (value, text, values) return type(value) == "table" and render_each(text, values, value, pairs) or ""; end;
		["&"] = function (value, text, values) return value and render(text, values) or ""; end;
		["~"] = function (value, text, values) return not value and render(text, values) or ""; end;
		["?"] = function (value, text, values) return not value and render(text, values) or nil; end;
	};

	function render(template, values)
		return (template:gsub(pattern, function (placeholder)
			local block = placeholder:sub(2, -2);
			local name, raw, sign, rest = block:match(PATH);
			if not name then return; end
			local value = lookup(values, name);
			while filters and sign == "|" do
				name, raw, sign, rest = block:match(PATH, rest);
				local filter = filters[name];
				if filter and value ~= nil then value = filter(value); end
			end
			local text = forms[sign] and forms[sign](value, block:sub(rest), values);
			if text or value == nil then
				return text;
			end
			return raw == "!" and tostring(value) or escape(tostring(value));
		end));
	end

	return render;
end

return { new = new };
