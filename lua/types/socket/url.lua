---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---URLs (LuaSocket).
---@class socket.url.library
local lib = {}

---A URL relative to another.
---@param base string|table
---@param relative string
---@return string
function lib.absolute(base, relative) end

---A URL of its parts.
---@param parts table
---@return string
function lib.build(parts) end

---A path of its parts.
---@param parts table
---@param unsafe? boolean
---@return string
function lib.build_path(parts, unsafe) end

---Writes what may not stand in a URL as %XX.
---@param text string
---@return string
function lib.escape(text) end

---The parts of a URL.
---@param url string
---@param default? table
---@return table?
---@return string?
function lib.parse(url, default) end

---The parts of a path.
---@param path string
---@return table
function lib.parse_path(path) end

---Undoes that.
---@param text string
---@return string
function lib.unescape(text) end

return lib
