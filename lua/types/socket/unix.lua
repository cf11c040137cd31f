---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Sockets of the file system (LuaSocket).
---@class socket.unix.library
local lib = {}

---Makes a socket.
---@return table?
---@return string?
function lib.stream() end

---Makes a socket.
---@return table?
---@return string?
function lib.tcp() end

return lib
