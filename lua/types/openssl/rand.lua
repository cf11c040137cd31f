---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Random numbers (luaossl).
---@class openssl.rand.library
local lib = {}

---Does nothing.
---@return boolean
function lib.add() end

---Random bytes.
---@param size integer
---@return string
function lib.bytes(size) end

---Does nothing.
---@return boolean
function lib.load() end

---True.
---@return boolean
function lib.ready() end

---Does nothing.
---@return boolean
function lib.stir() end

---A number from 0 up to one less than the limit.
---@param limit? integer
---@return integer
function lib.uniform(limit) end

return lib
