using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Http;

/// <summary>JSON as every HTTP answer and stored document writes it: camelCase, enums by name, no nulls, unknown members refused when reading, and so are nulls where a member or an item must be.</summary>
public static class WebJson
{
    /// <summary>What the message of such an exception begins with; the item follows, as in <c>events[0]</c>.</summary>
    internal const string NullItem = "A list has null: ";

    public static JsonSerializerOptions Options { get; } = Create();

    public static IResult Ok<T>(T value) => Results.Json(value, Options);

    public static IResult Created<T>(string location, T value) => new CreatedResult<T>(location, value);

    public static IResult Accepted<T>(T value) => Results.Json(value, Options, statusCode: StatusCodes.Status202Accepted);

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            // Answers are application/json and never stand in a page: quotes and letters need no escapes.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RefuseNullItems } },
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    // The serializer respects that a member is not nullable, but not that an item is not.
    private static void RefuseNullItems(JsonTypeInfo type)
    {
        var lists = type.Properties.Where(member => member.Get is not null && member.PropertyType.IsGenericType && member.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            && !member.PropertyType.GenericTypeArguments[0].IsValueType).ToList();
        if (type.Kind != JsonTypeInfoKind.Object || lists.Count == 0)
        {
            return;
        }

        type.OnDeserialized = read =>
        {
            foreach (var list in lists)
            {
                var items = (IEnumerable<object?>?)list.Get!(read); // those without were left out
                if (items?.TakeWhile(item => item is not null).Count() is { } place && place < items.Count())
                {
                    throw new JsonException($"{NullItem}{list.Name}[{place}]");
                }
            }
        };
    }

    private sealed class CreatedResult<T>(string location, T value) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.Location = location;
            return Results.Json(value, Options, statusCode: StatusCodes.Status201Created).ExecuteAsync(httpContext);
        }
    }
}
