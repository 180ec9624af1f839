using Samepage.Torture.Checking;
using Samepage.Torture.Histories;

namespace Samepage.Torture.Tests;

public sealed class HistoryFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("samepage-torture-tests-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_begun_is_pending_until_it_ends()
    {
        using var writer = new HistoryWriter(HistoryFile.PathOf(_directory, 4), 200);
        writer.Begin(MessageCode.Send, 17);
        Operation pending = Assert.Single(HistoryFile.Read(_directory, 4));
        Assert.True(pending is { Actor: 4, Code: (int)MessageCode.Send, Argument: 17, IsPending: true });
        writer.End(1, 2);
        Operation over = Assert.Single(HistoryFile.Read(_directory, 4));
        Assert.True(over is { Argument: 17, Result: 1, Detail: 2, IsPending: false } && over.End >= over.Begin);
    }

    [Fact]
    public void What_is_forgotten_is_not_there_and_another_takes_its_place()
    {
        using var writer = new HistoryWriter(HistoryFile.PathOf(_directory, 4), 200);
        writer.Begin(MessageCode.See);
        writer.Forget();
        Assert.Empty(HistoryFile.Read(_directory, 4));
        writer.Begin(MessageCode.See);
        writer.End(5, 0, 3);
        Assert.True(Assert.Single(HistoryFile.Read(_directory, 4)) is { Argument: 5, Detail: 3 });
    }

    [Fact]
    public void Nobody_who_never_wrote_has_done_nothing() => Assert.Empty(HistoryFile.Read(_directory, 5));
}
