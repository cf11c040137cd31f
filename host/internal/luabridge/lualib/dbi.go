package lualib

import (
	"context"
	"database/sql"
	"net/url"
	"runtime"

	lua "github.com/yuin/gopher-lua"
	_ "modernc.org/sqlite" // the driver "sqlite" of database/sql
)

// databaseDriver is the only one there is, under the name that LuaDBI has for it.
const databaseDriver = "SQLite3"

// openDBI makes DBI, the outside library LuaDBI: Connect(driver, database, …) gives a connection, its prepare(sql) a statement.
func (l *library) openDBI(L *lua.LState) lua.LValue {
	statements := l.class("statement", statementMethods())
	connections := l.class("connection", connectionMethods(l, statements))
	t := l.table(map[string]lua.LGFunction{
		"Connect": func(L *lua.LState) int { return l.connectDatabase(L, connections) },
		"Do":      doStatement,
		"Drivers": func(L *lua.LState) int {
			drivers := L.NewTable()
			drivers.Append(lua.LString(databaseDriver))
			L.Push(drivers)
			return 1
		},
	})
	t.RawSetString("_VERSION", lua.LString("0.7"))
	return t
}

// dbConnection is one connection to a database. Without autocommit a transaction begins with the first statement.
type dbConnection struct {
	db         *sql.DB
	conn       *sql.Conn
	autocommit bool
	inside     bool // a transaction
}

// connectDatabase: driver, database. A driver that is not there is an error, a database that does not open nil and why.
func (l *library) connectDatabase(L *lua.LState, class *lua.LTable) int {
	if driver := L.CheckString(1); driver != databaseDriver {
		L.RaiseError("Cannot load driver %s. Available drivers are: %s", driver, databaseDriver) // as LuaDBI says it
	}
	c, err := openDatabase(L.CheckString(2))
	if err != nil {
		return pushFailure(L, err.Error())
	}
	L.Push(l.object(class, c))
	return 1
}

func openDatabase(path string) (*dbConnection, error) {
	dsn := ":memory:"
	if path != dsn {
		u := url.URL{Path: path}
		dsn = "file:" + u.EscapedPath() + "?" + url.Values{"_pragma": {"busy_timeout(5000)"}}.Encode()
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		db.Close()
		return nil, err
	}
	c := &dbConnection{db: db, conn: conn, autocommit: false}
	runtime.AddCleanup(c, func(db *sql.DB) { db.Close() }, db) // what a module does not close ends with its interpreter
	return c, nil
}

// exec runs a statement that gives nothing.
func (c *dbConnection) exec(query string) error {
	_, err := c.conn.ExecContext(context.Background(), query)
	return err
}

// begin makes sure that there is a transaction, unless every statement is one.
func (c *dbConnection) begin() error {
	if c.autocommit || c.inside {
		return nil
	}
	err := c.exec("BEGIN")
	c.inside = err == nil
	return err
}

// end ends a transaction, if there is one, by COMMIT or ROLLBACK.
func (c *dbConnection) end(how string) error {
	if !c.inside {
		return nil
	}
	err := c.exec(how)
	c.inside = err != nil && how == "COMMIT" // a commit that fails can be tried again, or rolled back
	return err
}

func (c *dbConnection) close() error {
	c.end("ROLLBACK")
	c.conn.Close()
	return c.db.Close()
}

func connectionMethods(l *library, statements *lua.LTable) map[string]lua.LGFunction {
	connected := func(L *lua.LState) *dbConnection { return self[*dbConnection](L, "connection") }
	return map[string]lua.LGFunction{
		"autocommit": func(L *lua.LState) int {
			c := connected(L)
			c.autocommit = isTrue(L, 2)
			return pushDone(L, c.end("COMMIT"))
		},
		"commit":   func(L *lua.LState) int { return pushDone(L, connected(L).end("COMMIT")) },
		"rollback": func(L *lua.LState) int { return pushDone(L, connected(L).end("ROLLBACK")) },
		"close":    func(L *lua.LState) int { return pushDone(L, connected(L).close()) },
		"ping": func(L *lua.LState) int {
			L.Push(lua.LBool(connected(L).conn.PingContext(context.Background()) == nil))
			return 1
		},
		"quote":   func(L *lua.LState) int { return pushString(L, quoteSQL(L.CheckString(2))) },
		"prepare": func(L *lua.LState) int { return l.prepareStatement(L, connected(L), statements) },
		"last_id": func(L *lua.LState) int {
			var id int64
			err := connected(L).conn.QueryRowContext(context.Background(), "SELECT last_insert_rowid()").Scan(&id)
			if err != nil {
				return pushFailure(L, err.Error())
			}
			L.Push(lua.LNumber(id))
			return 1
		},
	}
}
