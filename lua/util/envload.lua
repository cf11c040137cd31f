-- util.envload: load() and loadfile() with an environment, on any Lua.

-- source: the chunk's name, "=name" or "@file". Returns the function, or nil and an error.
local function envload(code, source, env)
	if not setfenv then -- luacheck: ignore 113
		return load(code, source, nil, env);
	end
	local load_text = type(code) == "function" and load or loadstring; -- luacheck: ignore 113
	local chunk, err = load_text(code, source);
	if chunk and env then
		setfenv(chunk, env); -- luacheck: ignore 113
	end
	return chunk, err;
end

-- nil, error, error number if the file cannot be opened.
local function envloadfile(name, env)
	local file, err, errno = io.open(name);
	if not file then
		return nil, err, errno;
	end
	local code = file:read("*a");
	file:close();
	return envload(code, "@"..name, env);
end

return { envload = envload, envloadfile = envloadfile };
