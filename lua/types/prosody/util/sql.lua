---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---SQL databases.
---@class util.sql.library
local lib = {}

return lib
