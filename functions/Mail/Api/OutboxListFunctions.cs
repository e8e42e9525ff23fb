using System.Globalization;
using LeadFunctions.Access;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Mail.Outbox;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Templates.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Mail.Api;

/// <summary>The outbox, for programs.</summary>
public sealed class OutboxListFunctions(OutboxTable outbox, LeadReader leads, DefinitionsTable definitions)
{
    private const int DefaultPage = 50;
    private const int MaxPage = 500;

    [Function(nameof(ListOutbox)), ShowsPeople, RequiresScope(Scope.Marketer)]
    public async Task<IResult> ListOutbox(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/outbox")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "lead", "journey", "template", "limit", "cursor").ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        if (Limit(request, out var size) is { } problem)
        {
            return problem;
        }

        Position? after = null;
        if (request.Query.TryGetValue("cursor", out var cursor) && !Cursor.TryDecode(cursor, out after))
        {
            return Problems.InvalidCursor();
        }

        var all = await outbox.ListAsync(Asked("lead"), Asked("journey"), Asked("template"), cancellationToken);
        if (all.Count == 0 && await UnknownAsync(Asked("lead"), Asked("journey"), Asked("template"), cancellationToken) is { } unknown)
        {
            return unknown;
        }

        var from = after is null ? all : [.. all.SkipWhile(message => message.Id != after.Id).Skip(1)];
        return WebJson.Ok(from.Count <= size
            ? new Page<OutboxMessage>(from)
            : new Page<OutboxMessage>([.. from.Take(size)], Cursor.Encode(new Position(from[size - 1].Id))));

        string? Asked(string name) => request.Query.TryGetValue(name, out var value) ? value.ToString() : null;
    }

    /// <summary>Whoever misspells a name is to hear of it. What was deleted may have sent something: then there is a message.</summary>
    private async Task<ProblemResult?> UnknownAsync(string? lead, string? journey, string? template, CancellationToken cancellationToken) =>
        lead is not null && await leads.FindAsync(lead, cancellationToken) is null ? Problems.NotFound("The lead")
        : journey is not null && !await definitions.HasAsync(JourneyStore.Kind, journey, cancellationToken) ? Problems.NotFound("The journey", $"There is no journey \"{journey}\", and none sent a message that is kept here.")
        : template is not null && !await definitions.HasAsync(TemplateStore.Kind, template, cancellationToken) ? Problems.NotFound("The template", $"There is no template \"{template}\", and no message of one is kept here.")
        : null;

    private static IResult? Limit(HttpRequest request, out int size)
    {
        size = DefaultPage;
        return request.Query.TryGetValue("limit", out var limit) && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MaxPage)
            ? Problems.Invalid("limit", "The page size is out of range.", $"1 to {MaxPage}")
            : null;
    }

    private sealed record Position(string Id);
}
