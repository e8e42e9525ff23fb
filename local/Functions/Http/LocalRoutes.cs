using System.Globalization;
using System.Net;
using System.Text.Json;
using LeadFunctions.Local.Functions.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Local.Functions.Http;

/// <summary>The clock over HTTP, for a person or a test on this machine: <c>/local/clock</c> and <c>/local/settle</c>.</summary>
internal static class LocalRoutes
{
    internal static void Map(WebApplication app)
    {
        var clock = app.Services.GetRequiredService<VirtualClock>();
        app.MapGet("/local/clock", (RequestDelegate)(http => AnswerAsync(http, () => WriteAsync(http, 200, Now(clock)))))
            .WithMetadata(HttpFunctions.FunctionEndpoint.Instance);
        app.MapPost("/local/clock", (RequestDelegate)(http => AnswerAsync(http, () => MoveAsync(http, clock))))
            .WithMetadata(HttpFunctions.FunctionEndpoint.Instance);
        app.MapPost("/local/settle", (RequestDelegate)(http => AnswerAsync(http, () => SettleAsync(http, clock))))
            .WithMetadata(HttpFunctions.FunctionEndpoint.Instance);
    }

    private static async Task AnswerAsync(HttpContext http, Func<Task> answer)
    {
        if (!IsLocal(http))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            await answer();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone; the clock stands where it got to.
        }
        catch (TimeoutException exception)
        {
            await ProblemAsync(http, StatusCodes.Status504GatewayTimeout, exception.Message);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or ArgumentOutOfRangeException)
        {
            await ProblemAsync(http, StatusCodes.Status400BadRequest, exception.Message);
        }
    }

    /// <summary>From this machine, and not by a page of another site that a browser here shows.</summary>
    private static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && http.Request.Host.Host is "localhost" or "127.0.0.1" or "[::1]"
        && (http.Request.Headers.Origin is not [{ } origin, ..] || origin == $"{http.Request.Scheme}://{http.Request.Host}");

    private static async Task MoveAsync(HttpContext http, VirtualClock clock)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var move = body.RootElement.ValueKind == JsonValueKind.Object ? body.RootElement : throw new FormatException(Expected);
        var known = false;
        if (move.TryGetProperty("frozen", out var frozen) && frozen.ValueKind is JsonValueKind.True)
        {
            clock.Freeze();
            known = true;
        }

        var ran = new Advanced(clock.GetUtcNow(), []);
        if (move.TryGetProperty("advance", out var advance))
        {
            var by = (advance.ValueKind == JsonValueKind.String ? LocalDuration.Find(advance.GetString()!) : null) ?? throw new FormatException(Expected);
            ran = await clock.AdvanceAsync(by, http.RequestAborted);
            known = true;
        }
        else if (move.TryGetProperty("to", out var to))
        {
            if (to.ValueKind != JsonValueKind.String || !DateTimeOffset.TryParse(to.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var target))
            {
                throw new FormatException(Expected);
            }

            ran = await clock.AdvanceToAsync(target.ToUniversalTime(), http.RequestAborted);
            known = true;
        }

        if (frozen.ValueKind is JsonValueKind.False)
        {
            clock.Unfreeze();
            known = true;
        }

        await WriteAsync(http, 200, known ? new { now = clock.GetUtcNow(), frozen = clock.IsFrozen, ran = ran.Ran } : throw new FormatException(Expected));
    }

    private static async Task SettleAsync(HttpContext http, VirtualClock clock)
    {
        var patience = http.Request.Query["timeout"] is [{ } text, ..] ? LocalDuration.Find(text) ?? throw new FormatException("timeout takes a duration such as 30s.") : (TimeSpan?)null;
        await clock.SettleAsync(patience, http.RequestAborted);
        await WriteAsync(http, 200, Now(clock));
    }

    private const string Expected = "Expected {\"advance\":\"3d\"} (90s, 5m, 3h, 2d, 1w, PT5M), {\"to\":\"2026-12-24T09:00:00Z\"} or {\"frozen\":true|false}.";

    private static object Now(VirtualClock clock) => new { now = clock.GetUtcNow(), frozen = clock.IsFrozen };

    private static Task ProblemAsync(HttpContext http, int status, string detail) => WriteAsync(http, status, new { title = status == 400 ? "Bad request" : "Still busy", status, detail });

    private static Task WriteAsync(HttpContext http, int status, object value)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(value, http.RequestAborted);
    }
}
