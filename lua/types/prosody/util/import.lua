---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Fields of a library: import("util.jid", "split", "bare").
---@param library string
---@param ... string
---@return any
local function lib(library, ...) end

return lib
