// The names in the pages are the same for all.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Samepage.Guide;

/// <summary>What the snippets of all pages use: a token that ends them, and a place for what they show.</summary>
/// <remarks>Each region is a block of a page: <c>SnippetTests</c> compares them, and writes the pages anew.</remarks>
public abstract class Page : IDisposable
{
    private readonly CancellationTokenSource _ending = new(TimeSpan.FromSeconds(60));

    /// <summary>Cancelled by <see cref="End"/>; and where a snippet hangs.</summary>
    protected CancellationToken Token => _ending.Token;

    /// <summary>What was shown, in this order.</summary>
    protected List<string> Shown { get; } = [];

    /// <summary>Ends what would go on for ever.</summary>
    protected void End() => _ending.Cancel();

    protected void Show<T>(T what) => Shown.Add($"{what}");

    protected void Show(ReadOnlySpan<byte> text) => Shown.Add(System.Text.Encoding.UTF8.GetString(text));

    public void Dispose()
    {
        _ending.Dispose();
        GC.SuppressFinalize(this);
    }
}
