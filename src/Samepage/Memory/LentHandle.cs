namespace Samepage;

/// <summary>A section on its way to another process: the text that the other one needs, and the local copy that keeps it valid until then.</summary>
/// <remarks>Safe to dispose from any thread, and more than once.</remarks>
public sealed class LentHandle : IDisposable
{
    private readonly IDisposable _local;

    internal LentHandle(IDisposable local, string text)
    {
        _local = local;
        Text = text;
    }

    /// <summary>What <see cref="SharedMemory.OpenHandle"/> takes in the other process.</summary>
    public string Text { get; }

    /// <summary>Closes the local copy: once the child has been started, or the other process has taken the offer.</summary>
    public void Dispose() => _local.Dispose();

    /// <inheritdoc/>
    public override string ToString() => Text;
}
