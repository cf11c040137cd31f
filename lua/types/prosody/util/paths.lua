---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Paths of files.
---@class util.paths.library
local lib = {}

---Does nothing.
---@param path string
function lib.complement_lua_path(path) end

---A pattern of Lua's.
---@param glob string
---@return string
function lib.glob_to_pattern(glob) end

---A path of its parts.
---@param ... string
---@return string
function lib.join(...) end

---A path relative to another.
---@param parent string
---@param path string
---@return string
function lib.resolve_relative_path(parent, path) end

return lib
