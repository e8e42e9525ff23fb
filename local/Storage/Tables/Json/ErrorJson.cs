using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Json;

/// <summary>Reads <c>{"odata.error":{"code":…,"message":{"value":…}}}</c>.</summary>
internal sealed class ErrorJson : RequestFailedDetailsParser
{
    public static ErrorJson Parser { get; } = new();

    public override bool TryParse(Response response, [NotNullWhen(true)] out ResponseError? error, out IDictionary<string, string>? data)
    {
        data = null;
        error = response.ContentStream is { Length: > 0 } ? Read(response.Content.ToMemory().Span) : null;
        if (error is null && response.Headers.TryGetValue("x-ms-error-code", out var code))
        {
            error = new ResponseError(code, null);
        }

        return error is not null;
    }

    /// <summary>Null when it is not such a document, as from a proxy.</summary>
    public static ResponseError? Read(ReadOnlySpan<byte> json)
    {
        string? code = null;
        string? message = null;
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (code is null && reader.ValueTextEquals("code"u8))
                {
                    reader.Read();
                    code = reader.GetString();
                }
                else if (message is null && reader.ValueTextEquals("value"u8))
                {
                    reader.Read();
                    message = reader.GetString();
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What was read before the damage is still the best description there is.
        }

        return code is null ? null : new ResponseError(code, message);
    }
}
