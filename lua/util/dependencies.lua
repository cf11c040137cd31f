-- util.dependencies: optional libraries.

-- The library, or nil and the error.
local function softreq(...)
	local ok, library = pcall(require, ...);
	if not ok then
		return nil, library;
	end
	return library;
end

-- Tells the operator what is missing and where it comes from. sources: a list of { system, command }.
local function missingdep(name, sources, message)
	print("Missing: "..tostring(name)..". "..(message or "It is required."));
	for _, source in ipairs(sources or {}) do
		print(("  %-16s %s"):format(source[1], source[2]));
	end
end

-- All that Prosody checks for is built in.
local function check_dependencies()
	return true;
end

local function log_warnings() end

return { softreq = softreq, missingdep = missingdep, check_dependencies = check_dependencies, log_warnings = log_warnings };
