using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace LeadFunctions.Access;

/// <summary>Lets a management request through only with a key, or a session of a key, of the scope that its route declares. The other routes see to themselves.</summary>
public sealed class Authorization(ApiKeys keys, RouteScopes routes, WrongKeys wrong, PlatformIdentity platform, TimeProvider time) : IFunctionsWorkerMiddleware
{
    private const string Scheme = "Bearer ";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http
            && routes.IsManagement(context.FunctionDefinition.Name, out var required)
            && await RefuseAsync(http, required) is { } refusal)
        {
            context.GetInvocationResult().Value = refusal;
            return;
        }

        await next(context);
    }

    private async Task<IResult?> RefuseAsync(HttpContext http, RequiresScopeAttribute? required)
    {
        if (http.Request.Headers[PlatformIdentity.HeaderName].ToString() is { Length: > 0 } principal)
        {
            return RefusePrincipal(http, principal, required);
        }

        var header = http.Request.Headers.Authorization.ToString();
        var cookie = header.Length == 0 ? http.Request.Cookies[Session.CookieName] : null;
        if (cookie is null && !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return Problems.Unauthorized("Send it in the header: Authorization: Bearer <key>.");
        }

        if (cookie is not null && !Session.IsFromOwnPage(http.Request))
        {
            return Problems.Unauthorized($"A session's cookie counts only from the dashboard's own pages (header {Session.HeaderName}, Sec-Fetch-Site same-origin). Elsewhere send the header Authorization: Bearer <key>.");
        }

        var (shown, from, now) = (cookie ?? header[Scheme.Length..].Trim(), WrongKeys.AddressOf(http.Request), time.GetElapsedTime(0));
        if (!wrong.MayTry(from, shown, now, out var retryAfter))
        {
            return Problems.TooManyRequests(retryAfter);
        }

        // A revoked key must not live on in a copy that could not be refreshed: no storage, no entry.
        await keys.FreshAsync(http.RequestAborted);
        var caller = cookie is null ? keys.FindCaller(shown) : Session.Read(cookie, keys.FindSigningKey, TimeProvider.System.GetUtcNow()) is { } session ? keys.FindCaller(session) : null;
        wrong.Note(from, shown, caller is not null, now);
        if (caller is null)
        {
            return Problems.Unauthorized(cookie is null ? "This key is not known, or has been revoked." : "This session is over. Sign in again.");
        }

        return Admit(http, caller, required);
    }

    /// <summary>Whoever the platform let in: by its own cookie, therefore only from our own pages.</summary>
    private ProblemResult? RefusePrincipal(HttpContext http, string principal, RequiresScopeAttribute? required) =>
        !platform.IsTrusted ? Problems.Unauthorized($"The header {PlatformIdentity.HeaderName} is not taken here: it counts only where the platform's authentication is on and the setting LeadFunctions__EasyAuth is true.")
        : !Session.IsFromOwnPage(http.Request) ? Problems.Unauthorized($"Who signed in to the platform counts only from the dashboard's own pages (header {Session.HeaderName}, Sec-Fetch-Site same-origin).")
        : PlatformIdentity.Read(principal) is not { } caller ? Problems.Unauthorized($"The header {PlatformIdentity.HeaderName} cannot be read.")
        : caller.Scopes.Count == 0 ? Problems.Forbidden("You have no role here. Ask for one of read, sales, marketer, admin in the app registration.")
        : Admit(http, caller, required);

    private static ProblemResult? Admit(HttpContext http, Caller caller, RequiresScopeAttribute? required)
    {
        if (required is null)
        {
            return Problems.Forbidden("This route declares no scope, and is closed until it does.");
        }

        if (!required.Allows(caller.Scopes))
        {
            return Problems.Forbidden($"It needs the scope {string.Join(" or ", required.Scopes).ToLowerInvariant()}.");
        }

        caller.AttachTo(http);
        return null;
    }
}
