---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What is there of LuaSocket.
---@class socket.library
local lib = {}

---Seconds since 1970.
---@return number
function lib.gettime() end

---Waits; others go on.
---@param seconds number
function lib.sleep(seconds) end

return lib
