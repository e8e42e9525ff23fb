using Azure;

namespace LeadFunctions.Local.Storage.Core;

/// <summary>The answer of a "…IfExists" read that found nothing.</summary>
internal sealed class AbsentResponse<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException($"There is no value: the service answered {response.Status} {response.ReasonPhrase}.");

    public override Response GetRawResponse() => response;
}
