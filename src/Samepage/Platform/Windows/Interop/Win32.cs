namespace Samepage.Platform.Windows.Interop;

/// <summary>Numbers of the Win32 and NT interfaces (winnt.h, memoryapi.h, winternl.h).</summary>
internal static class Win32
{
    public const nint NoFile = -1;                          // INVALID_HANDLE_VALUE: backed by the paging file
    public const nint CurrentProcess = -1;
    public const nint CurrentThread = -2;

    /// <summary>The multiple of which the system maps at (dwAllocationGranularity): the same on every Windows there has been.</summary>
    public const int Granularity = 65536;

    public const uint Synchronize = 0x0010_0000;
    public const uint GenericRead = 0x8000_0000;
    public const uint GenericWrite = 0x4000_0000;
    public const uint GenericExecute = 0x2000_0000;
    public const uint GenericAll = 0x1000_0000;
    public const uint ShareAll = 7;                         // FILE_SHARE_READ | WRITE | DELETE
    public const uint OpenExisting = 3;
    public const uint DiskFile = 1;                         // FILE_TYPE_DISK
    public const uint SetSparse = 0x0009_00C4;              // FSCTL_SET_SPARSE
    public const uint DuplicateSameAccess = 2;
    public const uint ProcessDuplicateHandle = 0x40;
    public const uint ThreadSetContext = 0x10;

    public const uint PageNoAccess = 0x01;
    public const uint PageReadOnly = 0x02;
    public const uint PageReadWrite = 0x04;
    public const uint PageWriteCopy = 0x08;
    public const uint PageExecute = 0x10;
    public const uint PageExecuteRead = 0x20;
    public const uint PageExecuteReadWrite = 0x40;
    public const uint PageExecuteWriteCopy = 0x80;
    public const uint PageMask = 0xFF;
    public const uint PageGuard = 0x100;
    public const uint SectionFile = 0x0080_0000;            // SEC_FILE
    public const uint SectionReserve = 0x0400_0000;         // SEC_RESERVE
    public const uint SectionCommit = 0x0800_0000;          // SEC_COMMIT

    public const uint SectionQuery = 0x01;
    public const uint MapCopy = 0x01;                       // FILE_MAP_COPY
    public const uint MapWrite = 0x02;                      // FILE_MAP_WRITE
    public const uint MapRead = 0x04;                       // FILE_MAP_READ
    public const uint MapExecute = 0x20;                    // FILE_MAP_EXECUTE, of a view
    public const uint SectionMapExecute = 0x08;             // SECTION_MAP_EXECUTE, of a handle
    public const uint MemoryCommit = 0x1000;
    public const uint MemoryReserve = 0x2000;
    public const uint MemoryRelease = 0x8000;
    public const uint Resident = 1;                         // of WorkingSetPage.Attributes

    public const uint MutexAccess = Synchronize | 1;        // MUTANT_QUERY_STATE, MUTEX_MODIFY_STATE
    public const uint EventAccess = Synchronize | 3;        // EVENT_QUERY_STATE | EVENT_MODIFY_STATE
    public const uint SemaphoreAccess = Synchronize | 3;    // SEMAPHORE_QUERY_STATE | SEMAPHORE_MODIFY_STATE
    public const uint QueryState = 1;
    public const uint InitiallyOwned = 1;                   // CREATE_MUTEX_INITIAL_OWNER
    public const uint ManualReset = 1;                      // CREATE_EVENT_MANUAL_RESET
    public const uint InitiallySet = 2;                     // CREATE_EVENT_INITIAL_SET
    public const int MostWaits = 64;                        // MAXIMUM_WAIT_OBJECTS
    public const uint WaitAbandoned = 0x80;
    public const uint WaitInterrupted = 0xC0;               // WAIT_IO_COMPLETION: a call was made on the waiting thread
    public const uint WaitTimedOut = 0x102;
    public const uint WaitFailed = 0xFFFF_FFFF;
    public const uint Infinite = 0xFFFF_FFFF;

    public const uint TokenQuery = 8;
    public const int TokenUser = 1;
    public const int TokenPrivileges = 3;
    public const int TokenPrimaryGroup = 5;

    public const uint DirectoryQuery = 1;
    public const uint DirectoryTraverse = 2;
    public const int NoMoreEntries = unchecked((int)0x8000_001A);
    public const int BufferTooSmall = unchecked((int)0xC000_0023);
}
