package dev.banyan.legacystub.money;

/** The one page of the app that people see. */
final class HomePage {

    private HomePage() {}

    static String html(String csrfToken, String greeting) {
        return """
                <!DOCTYPE html>
                <html>
                  <head>
                    <title>Money</title>
                    <meta name="csrf-param" content="authenticity_token" />
                    <meta name="csrf-token" content="%s" />
                  </head>
                  <body>
                    <h1>Money</h1>
                    <p>How I get, spend and save money. Served by the Rails monolith.</p>
                    <p>%s</p>
                    <form action="/login" method="post">
                      <label>User <input type="number" name="user_id" min="1" max="200" value="7" /></label>
                      <button>Log in</button>
                    </form>
                    <form action="/logout" method="post">
                      <input type="hidden" name="_method" value="delete" />
                      <button>Log out</button>
                    </form>
                    <ul>
                      <li><a href="/api/me">Me</a></li>
                      <li><a href="/api/accounts">Accounts</a></li>
                      <li><a href="/api/transactions">Transactions</a></li>
                      <li><a href="/api/goals">Goals</a></li>
                    </ul>
                  </body>
                </html>
                """.formatted(csrfToken, greeting);
    }
}
