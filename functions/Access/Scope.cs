namespace LeadFunctions.Access;

/// <summary>What an API key may do.</summary>
public enum Scope
{
    /// <summary>See everything but keys.</summary>
    Read,

    /// <summary>Also what a sales person does with leads.</summary>
    Sales,

    /// <summary>Also define what the engine does.</summary>
    Marketer,

    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>The route answers with data of people: who asked is put down.</summary>
/// <param name="isExport">As a file, to be taken away.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShowsPeopleAttribute(bool isExport = false) : Attribute
{
    public bool IsExport { get; } = isExport;
}

/// <summary>The least that a management route asks for. A route under <c>api/</c> without it is refused to everybody.</summary>
/// <param name="scopes">Any of these is enough. <see cref="Scope.Admin"/> always is, and every scope includes <see cref="Scope.Read"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresScopeAttribute(params Scope[] scopes) : Attribute
{
    public IReadOnlyList<Scope> Scopes { get; } = scopes;

    public bool Allows(IReadOnlyCollection<Scope> granted) => granted.Any(g => g == Scope.Admin || Scopes.Contains(g) || Scopes.Contains(Scope.Read));
}
