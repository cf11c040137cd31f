---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Logs; module:log is what modules need.
---@class util.logger.library
local lib = {}

---The same for one level.
---@param level string
---@param sink fun(source: string, level: string, text: string)
---@return userdata
function lib.add_level_sink(level, sink) end

---Has a function called with what is logged.
---@param sink fun(source: string, level: string, text: string)
---@param levels? string[]
---@return userdata
function lib.add_simple_sink(sink, levels) end

---A function that logs in a name.
---@param name string
---@return fun(level: string, format: string, ...: any)
function lib.init(name) end

---The same for one level.
---@param name string
---@param level string
---@return fun(format: string, ...: any)
function lib.make_logger(name, level) end

---The same.
---@param name string
---@param level string
---@return fun(format: string, ...: any)
function lib.new(name, level) end

---Ends that.
---@param sink userdata
function lib.remove_sink(sink) end

---Does nothing.
function lib.reset() end

return lib
