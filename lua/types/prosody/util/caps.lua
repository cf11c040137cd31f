---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Entity capabilities (XEP-0115).
---@class util.caps.library
local lib = {}

---The verification string of an answer to disco#info, hashed and not.
---@param disco_info Stanza
---@return string
---@return string
function lib.calculate_hash(disco_info) end

return lib
