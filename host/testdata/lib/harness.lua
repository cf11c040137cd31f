-- Tests that a module of testdata/modules declares while it loads. The Go test runs them one by one.

local traceback = debug.traceback;

local names, functions = {}, {};

local function show(v)
	if type(v) == "string" then
		return ("%q"):format(v);
	elseif type(v) ~= "table" or getmetatable(v) then
		return tostring(v);
	end
	local parts = {};
	for k, x in pairs(v) do
		table.insert(parts, "[" .. tostring(k) .. "] = " .. show(x));
	end
	table.sort(parts);
	return "{ " .. table.concat(parts, ", ") .. " }";
end

local function test(name, f)
	table.insert(names, name);
	functions[name] = f;
end

local function equal(got, want)
	if show(got) ~= show(want) then
		error("got " .. show(got) .. ", want " .. show(want), 2);
	end
end

local function raises(pattern, f, ...)
	local ok, err = pcall(f, ...);
	if ok then
		error("no error, want one like " .. pattern, 2);
	elseif not tostring(err):find(pattern) then
		error("got error " .. show(tostring(err)) .. ", want one like " .. pattern, 2);
	end
end

local function run(name)
	local ok, err = xpcall(functions[name], function (e) return traceback(tostring(e), 2); end);
	return ok and "ok" or err;
end

-- The module may be in another interpreter than whoever wants its tests run.
prosody.events.add_handler("harness", function (event)
	event.result = event.test and run(event.test) or table.concat(names, "\n");
	return true;
end);

return { test = test, equal = equal, raises = raises, show = show };
