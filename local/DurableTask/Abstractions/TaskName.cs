namespace Microsoft.DurableTask;

/// <summary>The name of an orchestrator or activity. Names compare without regard to case.</summary>
public readonly struct TaskName : IEquatable<TaskName>
{
    private readonly string? _name;

    /// <param name="name">The name; null or empty makes the default value.</param>
    public TaskName(string name) => _name = string.IsNullOrEmpty(name) ? null : name;

    /// <summary>The name, or the empty string for the default value.</summary>
    public string Name => _name ?? "";

    /// <summary>The name.</summary>
    public static implicit operator string(TaskName value) => value.Name;

    /// <summary>Wraps a name.</summary>
    public static implicit operator TaskName(string value) => new(value);

    /// <inheritdoc />
    public bool Equals(TaskName other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is TaskName other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    /// <inheritdoc />
    public override string ToString() => Name;

    public static bool operator ==(TaskName left, TaskName right) => left.Equals(right);

    public static bool operator !=(TaskName left, TaskName right) => !left.Equals(right);
}
