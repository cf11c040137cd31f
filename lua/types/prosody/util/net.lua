---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Addresses of the network.
---@class util.net.library
local lib = {}

---The addresses of this machine.
---@param kind? string
---@param link_local? boolean
---@return string[]
function lib.local_addresses(kind, link_local) end

---Undoes that.
---@param bytes string
---@return string?
---@return string?
function lib.ntop(bytes) end

---The bytes of an address.
---@param text string
---@return string?
---@return string?
function lib.pton(text) end

return lib
