---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Questions to the system's resolver.
---@class net.adns.library
local lib = {}

---Does nothing.
---@param id any
function lib.cancel(id) end

lib.dns = {}

---Does nothing.
---@param ... any
function lib.dns.cancel(...) end

---Waits for the answer.
---@param name string
---@param type? string
---@return table?
---@return string?
function lib.dns.lookup(name, type) end

---Does nothing.
---@param ... any
function lib.dns.peek(...) end

---Does nothing.
---@param ... any
function lib.dns.purge(...) end

---Does nothing.
---@param ... any
function lib.dns.query(...) end

---Does nothing.
---@param ... any
function lib.dns.random(...) end

---An object with the method lookup.
---@return table
function lib.dns.resolver() end

---Does nothing.
---@param ... any
function lib.dns.settimeout(...) end

---Does nothing.
---@param ... any
function lib.dns.socket_wrapper_set(...) end

---Calls back with a list of {a = …}, {aaaa = …}, {srv = {priority, weight, port, target}} …, or nil and why not.
---@param callback function
---@param name string
---@param type? string
---@param class? string
---@return boolean
function lib.lookup(callback, name, type, class) end

---The same as a promise.
---@param name string
---@param type? string
---@param class? string
---@return table
function lib.lookup_promise(name, type, class) end

---Does nothing.
function lib.purge() end

---An object with the methods lookup and lookup_promise.
---@return table
function lib.resolver() end

return lib
