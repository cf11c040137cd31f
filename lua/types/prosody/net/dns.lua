---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The domain name system, waiting.
---@class net.dns.library
local lib = {}

---Does nothing.
---@param ... any
function lib.cancel(...) end

---Asks; gives a list of records.
---@param name string
---@param type? string
---@param class? string
---@return table?
---@return string?
function lib.lookup(name, type, class) end

---What is known already.
---@param name string
---@param type? string
---@param class? string
---@return table?
function lib.peek(name, type, class) end

---Forgets what was found.
function lib.purge() end

---The same.
---@param name string
---@param type? string
---@param class? string
---@return table?
---@return string?
function lib.query(name, type, class) end

---A random number.
---@param ... integer
---@return integer
function lib.random(...) end

---What asks.
---@return table
function lib.resolver() end

---Sets how long to wait.
---@param ... number
function lib.settimeout(...) end

---Does nothing.
---@param f function
function lib.socket_wrapper_set(f) end

return lib
