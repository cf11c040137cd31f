---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Questions to the system's resolver that wait for the answer. Fields: types, classes.
---@class net.dns.library
local lib = {}

---Does nothing.
---@param ... any
function lib.cancel(...) end

---The answer, as net.adns gives it to callbacks.
---@param name string
---@param type? string
---@return table?
---@return string?
function lib.lookup(name, type) end

---Does nothing.
---@param ... any
function lib.peek(...) end

---Does nothing.
---@param ... any
function lib.purge(...) end

---Does nothing.
---@param ... any
function lib.query(...) end

---Does nothing.
---@param ... any
function lib.random(...) end

---An object with the method lookup.
---@return table
function lib.resolver() end

---Does nothing.
---@param ... any
function lib.settimeout(...) end

---Does nothing.
---@param ... any
function lib.socket_wrapper_set(...) end

return lib
