using LeadFunctions.Access;
using LeadFunctions.Clock;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Dashboard;

/// <summary>A key is exchanged for a cookie that no script can read, so that no browser keeps keys. What it then may do, the key says at each request.</summary>
public sealed class SessionFunctions(ApiKeys keys, Deployment deployment, ClockOptions clock, IOptions<JourneysOptions> journeys, TimeProvider time)
{
    private const string CookiePath = "/api";

    [Function(nameof(BeginSession)), RequiresScope(Scope.Read)]
    public IResult BeginSession([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/session")] HttpRequest request)
    {
        var caller = Caller.Of(request);
        if (caller.SessionUntil is not null || keys.FindSigningKey(caller.KeyId) is not { } signingKey)
        {
            return Problems.Forbidden("A session begins with a key, not with another session: send the header Authorization: Bearer <key>.");
        }

        var session = new Session(caller.KeyId, TimeProvider.System.GetUtcNow() + Session.Length);
        SetCookie(request, session.Write(signingKey), Session.Length);
        return WebJson.Ok(Me.Of(caller with { SessionUntil = session.Until }, clock, journeys.Value, time.GetUtcNow()));
    }

    [Function(nameof(EndSession)), RequiresScope(Scope.Read)]
    public IResult EndSession([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/session")] HttpRequest request)
    {
        SetCookie(request, "", TimeSpan.Zero);
        return Results.NoContent();
    }

    [Function(nameof(GetMe)), RequiresScope(Scope.Read)]
    public IResult GetMe([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/me")] HttpRequest request) =>
        WebJson.Ok(Me.Of(Caller.Of(request), clock, journeys.Value, time.GetUtcNow()));

    // A developer's machine has no https, and not every browser takes a secure cookie there.
    private void SetCookie(HttpRequest request, string value, TimeSpan length) => request.HttpContext.Response.Cookies.Append(
        Session.CookieName, value, new CookieOptions { Path = CookiePath, HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = deployment.IsDeployed, MaxAge = length });
}

/// <summary>Who asks, and what every page needs to know.</summary>
/// <param name="Role">The most that the scopes allow.</param>
/// <param name="TimeZone">The workspace's, as IANA names it: pages show times in it.</param>
/// <param name="Now">By the app's clock.</param>
/// <param name="ClockMoves">The clock can be moved here, and may not show real time.</param>
/// <param name="SessionUntil">In real time; absent when asked with a key.</param>
internal sealed record Me(string KeyId, string Name, Scope Role, IReadOnlyList<Scope> Scopes, string TimeZone, DateTimeOffset Now, bool ClockMoves, DateTimeOffset? SessionUntil)
{
    public static Me Of(Caller caller, ClockOptions clock, JourneysOptions journeys, DateTimeOffset now) => new(
        caller.KeyId, caller.Name, caller.Scopes.DefaultIfEmpty(Scope.Read).Max(), caller.Scopes, journeys.TimeZone, now, string.Equals(clock.Clock, "movable", StringComparison.OrdinalIgnoreCase), caller.SessionUntil);
}
