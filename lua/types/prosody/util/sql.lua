---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Databases with transactions. An engine has transaction, select, insert, update, delete, execute, debug.
---@class util.sql.library
local lib = {}

---Describes a column.
---@param definition table
---@return table
function lib.Column(definition) end

---Describes an index.
---@param definition table
---@return table
function lib.Index(definition) end

---A type.
---@return string
function lib.Integer() end

---A type.
---@return string
function lib.String() end

---Describes a table; its method create(engine) makes it.
---@param definition table
---@return table
function lib.Table(definition) end

---What connects to a database when it is first used.
---@param self table
---@param params table
---@param onconnect? function
---@param ondisconnect? function
---@return table
function lib.create_engine(self, params, onconnect, ondisconnect) end

---The address of a database.
---@param params table
---@return string
function lib.db2uri(params) end

---Whether it describes a column.
---@param value any
---@return boolean
function lib.is_column(value) end

---Whether it describes an index.
---@param value any
---@return boolean
function lib.is_index(value) end

---Whether it is a query.
---@param value any
---@return boolean
function lib.is_query(value) end

---Whether it describes a table.
---@param value any
---@return boolean
function lib.is_table(value) end

return lib
