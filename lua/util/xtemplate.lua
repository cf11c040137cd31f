-- util.xtemplate: texts from a stanza. render(template, stanza, escape, filters) replaces
--
--	{path}           by what stanza:find(path) says: "body#", "@from", "{urn:x}child/@attr"; {.} is the stanza, {#} its text
--	{path|f|g(arg)}  by filters: f(value, template) or g(arg, value, template), which return a text, and true if it needs no escaping
--	{path|and{t}}    by the template t if there is a value, {path|or{t}} if there is none; and(path){t} asks for another value
--	{path|each(c){t}} by t for each child c ("name" or "{ns}name") of the value; without (c) for each child that the path names

local st = require "util.stanza";

local function lookup(stanza, path)
	if path == "." then
		return stanza;
	elseif path == "#" then
		return stanza:get_text();
	end
	return stanza:find(path);
end

-- One step behind a "|": name, argument, template (nil where they are missing) and the position after it.
local function parse_step(text, position)
	local name, next_position = text:match("^(%w+)()", position);
	if not name then return; end
	local argument, after = text:match("^(%b())()", next_position);
	next_position = after or next_position;
	local template, last = text:match("^(%b{})()", next_position);
	return name, argument and argument:sub(2, -2), template and template:sub(2, -2), last or next_position;
end

local function split_name(child)
	local ns, name = child:match("^(%b{})(.*)$");
	ns, name = ns and ns:sub(2, -2), name or child;
	return name ~= "" and name or nil, ns ~= "" and ns or nil;
end

local function render(template, root, escape, filters)
	escape = escape or st.xml_escape;

	local steps = {};

	function steps.each(value, path, argument, inner)
		if not inner or not st.is_stanza(value) then return value; end
		local parent, out = argument and value or root, {};
		for child in parent:childtags(split_name(argument or path)) do
			out[#out+1] = render(inner, child, escape, filters);
		end
		return table.concat(out), true;
	end

	local function conditional(wanted)
		return function (value, _, argument, inner, finished)
			local condition = value;
			if argument then condition = lookup(root, argument); end
			if inner and (condition and true or false) == wanted then
				return render(inner, root, escape, filters), true;
			end
			return value, finished;
		end;
	end
	steps["and"], steps["or"] = conditional(true), conditional(false);

	local function apply(name, value, path, argument, inner, finished)
		local filter = filters and filters[name];
		if steps[name] then
			return steps[name](value, path, argument, inner, finished);
		elseif not filter then
			error("no filter is called "..name, 0);
		elseif argument == nil then
			return filter(value, inner);
		end
		return filter(argument, value, inner);
	end

	return (template:gsub("%b{}", function (block)
		local text = block:sub(2, -2);
		local path, position = text:match("^([^|]+)()");
		if not path then return; end
		local value, finished = lookup(root, path), false;
		while text:sub(position, position) == "|" do
			local name, argument, inner, after = parse_step(text, position+1);
			if not name then break; end
			value, finished = apply(name, value, path, argument, inner, finished);
			position = after;
		end
		if st.is_stanza(value) then
			value = value:get_text();
		end
		if type(value) ~= "string" then
			return "";
		end
		return finished and value or escape(value);
	end));
end

return { render = render };
