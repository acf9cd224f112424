// What a service with express and ioredis loads and does until it listens; then it ends.
import express from 'express';
import Redis from 'ioredis';

new Redis({ host: 'localhost', lazyConnect: true });
express().listen(3000, () => process.exit(0));
