-- Runs the test files named on the command line, on any Lua. In them: test(name, f), eq(got, want), fails(f, text),
-- ours (our interpreter), newer (ours, or Lua 5.2 and later), old (ours, or Lua 5.1).
ours = OURS ~= nil
newer = ours or _VERSION ~= "Lua 5.1"
old = ours or _VERSION == "Lua 5.1"
local failed, count = 0, 0

local function show(v, depth)
	if type(v) == "string" then return string.format("%q", v) end
	if type(v) ~= "table" or (depth or 0) > 3 then return tostring(v) end
	local parts = {}
	for k, x in pairs(v) do parts[#parts + 1] = tostring(k) .. "=" .. show(x, (depth or 0) + 1) end
	return "{" .. table.concat(parts, ", ") .. "}"
end

local function same(a, b)
	if type(a) ~= "table" or type(b) ~= "table" then return a == b or a ~= a and b ~= b end
	for k, v in pairs(a) do if not same(v, b[k]) then return false end end
	for k in pairs(b) do if a[k] == nil then return false end end
	return true
end

function eq(got, want, what)
	if not same(got, want) then
		error((what and what .. ": " or "") .. "got " .. show(got) .. ", want " .. show(want), 2)
	end
end

function fails(f, text)
	local ok, e = pcall(f)
	if ok then error("no error", 2) end
	if text and not tostring(e):find(text, 1, true) then error("error " .. show(e) .. ", want " .. show(text), 2) end
end

function test(name, f)
	count = count + 1
	local ok, e = pcall(f)
	if not ok then
		failed = failed + 1
		print("FAIL " .. name .. ": " .. tostring(e))
	end
end

for _, file in ipairs(arg) do
	dofile(file)
end
print(count .. " tests, " .. failed .. " failed")
