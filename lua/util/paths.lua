-- util.paths: file names.

local paths = {};
local separator = package.config and package.config:sub(1, 1) or "/";

-- path as seen from parent_path: absolute ones stay, others are appended. nil stays nil.
function paths.resolve_relative_path(parent_path, path)
	if not path then
		return path;
	end
	path = path:gsub("^%./+", "");
	if path:sub(1, 1) == "/" then
		return path;
	end
	return (parent_path:gsub("/+$", ""))..separator..path;
end

-- "a?.*" → "^a.%..*$"
function paths.glob_to_pattern(glob)
	return "^"..glob:gsub("%p", function (c)
		return c == "*" and ".*" or c == "?" and "." or "%"..c;
	end).."$";
end

function paths.join(...)
	return table.concat({ ... }, separator);
end

-- Makes what an installer put below a directory loadable. Nothing is installed that way here: the path stays as it is.
function paths.complement_lua_path() end

return paths;
