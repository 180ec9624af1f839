namespace Samepage.Guide;

public sealed class ReadmePage : Page
{
    [Fact]
    public void Two_programs_share_a_price()
    {
        #region prices
        using SharedMemory section = SharedMemory.CreateOrOpen("prices", 4096);
        using SharedMutex mutex = SharedMutex.CreateOrOpen("prices-lock");
        using SharedEvent changed = SharedEvent.CreateOrOpen("prices-changed", EventResetMode.AutoReset);
        using MemoryView view = section.Map();

        using (SharedMutex.Scope scope = mutex.EnterScope())       // another process may have died in here:
            if (scope.WasAbandoned) view.Span.Clear();             // the next owner is told, once
            else view.GetReference<double>(8) = 101.25;
        changed.Set();                                             // elsewhere: changed.Wait(), in C# or any other process of mine
        #endregion
        changed.Wait();
        Assert.Equal(101.25, view.GetReference<double>(8));
    }
}
