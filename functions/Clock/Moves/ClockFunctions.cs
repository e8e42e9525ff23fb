using System.Globalization;
using LeadFunctions.Access;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Clock.Moves;

/// <summary>The clock of an app that weeks are tried out on. Where it is the real one, it can be read and nothing else.</summary>
public sealed class ClockFunctions(TimeProvider time, Deployment deployment, ClockMoves? moves = null)
{
    /// <summary>Whoever calls through a load balancer gets no answer after 230 seconds.</summary>
    private static readonly TimeSpan MoveLimit = TimeSpan.FromSeconds(200);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(60);

    [Function(nameof(GetClock)), RequiresScope(Scope.Admin)]
    public IResult GetClock([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/clock")] HttpRequest request) =>
        WebJson.Ok(moves?.Now() ?? new ClockAnswer(time.GetUtcNow(), Frozen: false));

    [Function(nameof(MoveClock)), RequiresScope(Scope.Admin)]
    public Task<IResult> MoveClock(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/clock")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        MoveAsync(request, client, cancellationToken);

    [Function(nameof(SettleClock)), RequiresScope(Scope.Admin)]
    public Task<IResult> SettleClock(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/clock/settle")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        SettleAsync(request, client, cancellationToken);

    /// <summary>The same without a key, on a developer's machine.</summary>
    [Function(nameof(LocalClock))]
    public async Task<IResult> LocalClock(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "local/clock")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        !IsLocal(request) ? Problems.NotFound("The path")
        : HttpMethods.IsGet(request.Method) ? GetClock(request)
        : await MoveAsync(request, client, cancellationToken);

    [Function(nameof(LocalSettle))]
    public async Task<IResult> LocalSettle(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "local/settle")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        IsLocal(request) ? await SettleAsync(request, client, cancellationToken) : Problems.NotFound("The path");

    private async Task<IResult> MoveAsync(HttpRequest request, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (moves is null)
        {
            return IsReal();
        }

        if (Limit(request, MoveLimit) is not { } limit)
        {
            return NoTimeout();
        }

        var (wanted, problem) = await RequestBody.ReadJsonAsync<MoveClockRequest>(request, cancellationToken);
        if (wanted is null)
        {
            return problem!; // one of the two is always set
        }

        if (wanted.Validate() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        try
        {
            return WebJson.Ok(await moves.MoveAsync(client, wanted.Move(), limit, cancellationToken));
        }
        catch (ArgumentOutOfRangeException refused)
        {
            return Problems.Invalid(wanted.To is null ? "$.advance" : "$.to", refused.Message.Split(" (Parameter", 2)[0]);
        }
        catch (ClockTakenException taken)
        {
            return Problems.Conflict("The clock cannot be moved just now.", taken.Message);
        }
        catch (TimeoutException late)
        {
            return Problems.TimedOut("The clock stopped on its way.", $"{late.Message} It shows {time.GetUtcNow():O}; ask again to move it on.");
        }
    }

    private async Task<IResult> SettleAsync(HttpRequest request, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (moves is null)
        {
            return IsReal();
        }

        if (Limit(request, SettleLimit) is not { } limit)
        {
            return NoTimeout();
        }

        try
        {
            await moves.SettleAsync(client, limit, cancellationToken);
            return WebJson.Ok(moves.Now());
        }
        catch (TimeoutException late)
        {
            return Problems.TimedOut("It has not settled.", late.Message);
        }
    }

    private static TimeSpan? Limit(HttpRequest request, TimeSpan otherwise) => request.Query.TryGetValue("timeout", out var text) ? ClockDuration.Find(text) : otherwise;

    private static ProblemResult NoTimeout() => Problems.Invalid("timeout", "This is not a duration.", ClockDuration.Expected);

    private static ProblemResult IsReal() =>
        Problems.Conflict("The clock is the real one.", $"Only an app whose setting {ClockOptions.ClockSetting} is movable has one that can be moved.");

    /// <summary>Not deployed, and not asked by a page of another site that a browser here shows.</summary>
    private bool IsLocal(HttpRequest request) =>
        moves is not null && !deployment.IsDeployed
        && (request.Headers.Origin is not [{ } origin, ..] || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.IsLoopback));
}

/// <param name="Advance">How far; exclusive with <paramref name="To"/>.</param>
/// <param name="To">A time, or <c>next</c>.</param>
/// <param name="Frozen">The same as <paramref name="Stand"/>, by the name that it has in answers.</param>
internal sealed record MoveClockRequest(string? Advance = null, string? To = null, bool? Stand = null, bool? Frozen = null)
{
    private const string Next = "next";

    public IReadOnlyList<FieldError> Validate()
    {
        var errors = new List<FieldError>();
        if (Advance is not null && ClockDuration.Find(Advance) is null)
        {
            errors.Add(new("$.advance", "This is not a duration.", ClockDuration.Expected));
        }

        if (To is not null && Time is null && !IsToNext)
        {
            errors.Add(new("$.to", "This is not a time.", "such as 2026-12-24T09:00:00Z, or next"));
        }

        if (Advance is not null && To is not null)
        {
            errors.Add(new("$.to", "The clock is moved by a length or to a time, not both."));
        }

        if (this == new MoveClockRequest())
        {
            errors.Add(new("$", "Nothing is asked.", "{\"advance\":\"14d\"}, {\"to\":\"2026-12-24T09:00:00Z\"} or {\"stand\":true}"));
        }

        return errors;
    }

    public ClockMove Move() => new(ClockDuration.Find(Advance), Time, Stand ?? Frozen, IsToNext);

    private bool IsToNext => To == Next;

    private DateTimeOffset? Time => DateTimeOffset.TryParse(To, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
