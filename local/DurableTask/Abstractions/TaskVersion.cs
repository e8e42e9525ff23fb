namespace Microsoft.DurableTask;

/// <summary>The version under which a task is started. It is carried along and shown to the orchestrator; it selects no code.</summary>
public readonly struct TaskVersion : IEquatable<TaskVersion>
{
    private readonly string? _version;

    /// <summary>No version.</summary>
    public static readonly TaskVersion Unversioned;

    /// <param name="version">The version; null is <see cref="Unversioned"/>.</param>
    public TaskVersion(string? version) => _version = version;

    /// <summary>The version, or the empty string.</summary>
    public string Version => _version ?? "";

    public static implicit operator string(TaskVersion value) => value.Version;

    public static implicit operator TaskVersion(string? value) => new(value);

    /// <inheritdoc />
    public bool Equals(TaskVersion other) => string.Equals(Version, other.Version, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is TaskVersion other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Version);

    /// <inheritdoc />
    public override string ToString() => Version;

    public static bool operator ==(TaskVersion left, TaskVersion right) => left.Equals(right);

    public static bool operator !=(TaskVersion left, TaskVersion right) => !left.Equals(right);
}
