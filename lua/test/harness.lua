-- The smallest harness that names what failed. A test file is a list of t.case() closed by t.finish(); it needs no other library, so that
-- the same file runs on any Lua. A failed case raises only in finish(), after all cases ran.

local t = {};
local passed, failed = 0, {};

local function show(value, depth)
	if type(value) ~= "table" or depth > 4 then
		return type(value) == "string" and string.format("%q", value) or tostring(value);
	end
	local parts = {};
	for k, v in pairs(value) do
		parts[#parts+1] = tostring(k).."="..show(v, depth+1);
	end
	table.sort(parts);
	return "{"..table.concat(parts, ", ").."}";
end

local function equal(a, b)
	if a == b or type(a) ~= "table" or type(b) ~= "table" then
		return a == b;
	end
	for k, v in pairs(a) do
		if not equal(v, b[k]) then return false; end
	end
	for k in pairs(b) do
		if a[k] == nil then return false; end
	end
	return true;
end

function t.case(name, f)
	local ok, err = pcall(f);
	if ok then
		passed = passed + 1;
	else
		failed[#failed+1] = name..": "..tostring(err);
	end
end

-- Deep equality of tables, == for the rest; metatables are not looked at.
function t.same(got, want)
	if not equal(got, want) then
		error("got "..show(got, 1)..", want "..show(want, 1), 2);
	end
end

-- The error that f raises must match the Lua pattern.
function t.raises(pattern, f, ...)
	local ok, err = pcall(f, ...);
	if ok then
		error("no error, want one like "..pattern, 2);
	elseif not tostring(err):find(pattern) then
		error("got error "..tostring(err)..", want one like "..pattern, 2);
	end
end

-- All values as a list with their number, so that nil can be compared: t.same(t.pack(f()), { n = 2, nil, "why" }).
function t.pack(...)
	return { n = select("#", ...), ... };
end

-- Offers a stand-in for a library that the interpreter at hand may lack. A real one wins.
function t.stand_in(name, lib)
	if not pcall(require, name) then
		package.loaded[name] = lib;
	end
end

-- Raises with all that failed; otherwise returns the number of cases that passed.
function t.finish()
	local n, errors = passed, failed;
	passed, failed = 0, {};
	if #errors > 0 then
		error(#errors.." failed:\n\t"..table.concat(errors, "\n\t"), 0);
	end
	return n;
end

return t;
