using LeadFunctions.Access;
using LeadFunctions.Feedback.Preferences;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Feedback.Api;

/// <summary>What readers can choose from.</summary>
public sealed class TopicFunctions(DefinitionsTable table)
{
    [Function(nameof(GetTopics)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetTopics([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/settings/topics")] HttpRequest request, CancellationToken cancellationToken)
    {
        var pointer = await table.FindAsync(TopicsStore.Kind, TopicsStore.Id, cancellationToken);
        return pointer is null || await table.FindLiveAsync(TopicsStore.Kind, TopicsStore.Id, cancellationToken) is not { } stored
            ? WebJson.Ok(new { topics = Array.Empty<object>() })
            : WebJson.Ok(stored.ToElement()).WithETag(pointer.ETag);
    }

    [Function(nameof(PutTopics)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PutTopics([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/settings/topics")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (Topics.Parse(body).Errors is [_, ..] errors)
        {
            return Problems.InvalidDocument(errors);
        }

        return await LiveRequests.SaveAsync(
            table, TopicsStore.Kind, TopicsStore.Id, request, () => Task.FromResult(DefinitionText.Compact(body)),
            async _ => WebJson.Ok((await table.FindLiveAsync(TopicsStore.Kind, TopicsStore.Id, cancellationToken) ?? throw new InvalidDataException("The topics were just saved, and are not there.")).ToElement()),
            cancellationToken);
    }
}
